"""The guard: the guardian's only power, to stop new ideas or new bounties for one round."""

from dmo.capabilities.lens import GUARDIAN
from dmo.core.act import Act
from dmo.core.kinds import TIME


class HaltIdeas(Act, name="guard ideas", call="IdeaBoard.halt", told_by="Halted", tells={"until": TIME}, who=GUARDIAN):
    """Stop new ideas for one round."""


class HaltBounties(
    Act, name="guard bounties", call="CampaignEscrow.halt", told_by="Halted", tells={"until": TIME}, who=GUARDIAN
):
    """Stop new bounties for one round."""

"""The chapters of explanations: of a refusal, a call, a dispute, a proposal."""

from __future__ import annotations

from tests.registry.story import Story


def explained(play: Story) -> None:
    """A refusal, a call of nothing that is known, a dispute."""
    play("dmo explain refusal 0x4e487b710000000000000000000000000000000000000000000000000000000000000011")
    assert "idea" in play("dmo explain refusal IdeaBoardUnknownIdea").out
    play("dmo explain call 0x5FbDB2315678afecb367f032d93F642f64180aa3 0x095ea7b3")
    play("dmo explain dispute 6")


def proposal_explained(play: Story) -> None:
    """What the first proposal would do."""
    play("dmo explain proposal 1")

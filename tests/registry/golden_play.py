"""The golden story's stage directions, and the documents that are written in it."""

from __future__ import annotations

from tests.registry.recorder import Recorder

FRONT = {
    "idea": "objective: awareness\naudience: [user]\ngoal:\n  metric: wallets\n  baseline: 0\n"
    "  target: 500\n  date: 2031-03-31\n",
    "brief": 'deliverable: a spot of two minutes\nacceptance:\n  - it was on air\ndisclosure: "paid by Harbour"\n',
    "evidence": 'worker: "{worker}"\nfiles: []\ndisclosure: "paid by Harbour"\n',
    "reason": "",
    "lesson": 'result: "400 of 500"\nrepeat: radio\navoid: banners\ncites: []\n',
}


def document(kind: str, title: str, worker: str = "") -> str:
    """A document; its digest is in the calldata, so no template may change it."""
    front = FRONT[kind].format(worker=worker)
    return f"---\nkind: {kind}\ntitle: {title}\nlang: en\n{front}---\n\n{title}, said at length.\n"


class Play(Recorder):
    """The story's stage directions.

    Attributes:
        campaign_ends: Unix seconds at which the first campaign has ended.
        court: Another arbitrator than our jury.
    """

    campaign_ends: int
    court: str

    def put(self, who: str, name: str, kind: str, title: str, worker: str = "") -> None:
        """Write a document into somebody's folder."""
        self.write(who, name, document(kind, title, self.stage.address(worker or who)))

    def reads(self, state: str, *names: str, who: str = "alice") -> None:
        """Read in a state of things."""
        for name in names:
            by = "" if who == "alice" else f", {who}"
            self.read(f"{name} ({state}{by})", who, name)

    def shows(self, *names: str) -> None:
        """Calldata for somebody who is not here."""
        for name in names:
            self.show(f"{name} by nobody", of=name, DMO_ACCOUNT="")

    def refusals(self, who: str, *names: str) -> None:
        for name in names:
            self.read(name, who)

    def sends(self, who: str, *names: str) -> None:
        for name in names:
            self.send(name, who)

    def block(self, who: str, blocked: bool) -> None:
        """Let the budget token refuse somebody."""
        token = self.stage.dmo.budget_token.address
        deployer, account = self.stage.deployer.address, self.stage.address(who)
        self.order(deployer, token, "setBlocked(address,bool)", account, blocked)

"""Four campaigns, each under terms with another arbitrator, and people who dispute."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from dmo.capabilities.disputes import Dispute, dispute
from dmo.capabilities.disputing import SetTerms
from dmo.core import engine
from dmo.core.sender import KeySender
from dmo.deploy.artifacts import creation_input, load_artifacts
from dmo.home.outputs import Failure
from dmo.home.salts import Salts
from tests.support.calls import call, idea
from tests.support.cli_chain import DAY, PEOPLE, ROOT, Result, Stage, filled

DIGEST = b"\x11" * 32
NOBODY = "0x" + "00" * 20
OURS, COURT, NONE, NEW_JURY = 1, 2, 3, 4
BOND = WORKER_BOND = 2 * 10**6


class Scene:
    """Four campaigns, each under terms with another arbitrator, and people who dispute."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.dmo = stage.dmo
        for name in PEOPLE:
            (stage.folder / name).mkdir()
        self.send = {name: KeySender(stage.chain, key) for name, key in stage.keys.items()}
        self.court = self.deploy("SimpleCentralizedArbitrator", {})
        excluded = [self.dmo.address(name) for name in ("Treasury", "CampaignEscrow")]
        arguments = {
            "authority": self.dmo.address("AccessManager"),
            "votes": self.dmo.votes_address,
            "excluded": excluded,
            "arbitrable": self.dmo.address("DisputeDesk"),
            "frame": {
                "reputation": self.dmo.address("Reputation"),
                "minPoints": 10**24,
                "commitSeconds": DAY // 2,
                "revealSeconds": DAY // 2,
                "quorumBps": 500,
                "quorumFloor": 0,
                "holdingSeconds": DAY // 2,
            },
        }
        self.jury = self.deploy("Jury", arguments)
        self.write("alice", "brief.md", "brief", "Two minutes of radio")
        terms_of_campaigns = (
            None,
            SetTerms(arbitrator=self.court, pays_jurors="no"),
            SetTerms(arbitrator=NOBODY),
            SetTerms(arbitrator=self.jury, pays_jurors="yes"),
        )
        for campaign, changes in enumerate(terms_of_campaigns, 1):
            self._fund(3 * campaign - 2, changes)
            self.ok(f"bounty post {campaign} brief.md --reward 20 --slots 40 --until +50d")

    def _fund(self, round_number: int, changes: SetTerms | None) -> None:
        """Post, vote, change the terms, settle."""
        self.stage.round_starts(round_number)
        self.does("alice", "IdeaBoard", "post", idea(DIGEST, 900 * 10**6, 60 * DAY, 1_000))
        self.stage.round_starts(round_number + 1)
        self.does("alice", "IdeaBoard", "castBallot", round_number, [1], [])
        self.stage.round_starts(round_number + 2)
        if changes:
            (step,) = engine.plan(self.stage.home(), changes).steps
            self.stage.govern(step.call)
        self.does("alice", "IdeaBoard", "settle", round_number, [1], 0)

    def does(self, who: str, contract: str, function: str, *arguments: Any) -> None:
        """Call one of the contracts as somebody."""
        self.send[who].send(call(self.dmo, contract, function, *arguments))

    @property
    def submissions(self) -> int:
        """How many there are."""
        return int(self.dmo.read("CampaignEscrow", "counts")[2])

    # -- what is beside the command line -----------------------------------------------------------

    def deploy(self, name: str, arguments: dict[str, Any]) -> str:
        data = creation_input(load_artifacts(ROOT / "build", (name,))[name], arguments)
        order = {"from": self.stage.deployer.address, "data": "0x" + data.hex()}
        request = self.stage.chain.transport.request
        receipt = self.stage.chain.wait(request("eth_sendTransaction", [order]))
        assert receipt.contract_address
        return receipt.contract_address

    # -- people ------------------------------------------------------------------------------------

    def run(self, command: str, who: str = "alice", **more: str) -> Result:
        return self.stage.run(f"dmo {command}", who, cwd=self.stage.folder / who, **more)

    def ok(self, command: str, who: str = "alice", **more: str) -> str:
        result = self.run(command, who, **more)
        assert result.code == 0, f"{command}\n{result.out}\n{result.err}"
        return result.out

    def refused(self, command: str, who: str = "alice", code: int = 1) -> str:
        """Demand a refusal that is explained; returns the error's name."""
        result = self.run(f"{command} --format json", who)
        assert result.code == code, result.out
        error = Failure.model_validate(result.json).error
        assert error.message
        assert error.hint
        return error.code

    def write(self, who: str, name: str, kind: str, title: str) -> None:
        text = filled(kind, title, self.stage.address(who))
        (self.stage.folder / who / name).write_text(text)

    def rejected(self, campaign: int = OURS, who: str = "dave") -> int:
        self.write(who, "evidence.md", "evidence", f"A spot of {who}")
        self.ok(f"work submit {campaign} evidence.md --again", who)
        number = self.submissions
        self.ok(f'work reject {number} --because "No sound."')
        return number

    def contested(self, campaign: int = OURS) -> int:
        number = self.rejected(campaign)
        self.write("dave", "statement.md", "statement", "There is sound")
        self.ok(f"dispute contest {number} statement.md", "dave")
        return number

    def disputed(self, campaign: int = OURS) -> int:
        """A rejection that its lead upholds."""
        number = self.contested(campaign)
        self.write("alice", "statement.md", "statement", "There is none")
        self.ok(f"dispute uphold {number} statement.md")
        return number

    def accepted(self) -> int:
        self.write("erin", "evidence.md", "evidence", "A spot of erin")
        self.ok("work submit 1 evidence.md --again", "erin")
        self.ok(f"work accept {self.submissions}")
        return self.submissions

    # -- the jury ----------------------------------------------------------------------------------

    def dispute(self, number: int) -> Dispute:
        """It, as it is now."""
        return dispute(self.stage.home(), number)

    def committed(self, number: int, who: str = "bob") -> bytes:
        one, address = self.dispute(number), self.stage.address(who)
        answer = self.stage.chain.call("Jury", one.arbitrator, "commitmentOf", one.dispute_id, address)
        return bytes(answer)

    def salts(self, number: int) -> list[Path]:
        one = self.dispute(number)
        salts = Salts(self.stage.folder / "home/salts")
        return [salts.path(secret.committed) for secret in salts.of(31337, one.arbitrator, one.dispute_id)]

    def killed(self, where: str, command: str, who: str) -> str:
        """Run a command that is killed, by the hardest of signals, at a place in the sender; what it noted."""
        code = (
            "import os, signal, sys\n"
            "from dmo.core.chain import Chain\n"
            "from dmo.core.sender import KeySender\n"
            f"{where} = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
            "from dmo.faces.cli import main\n"
            f"main({command.split()!r})\n"
        )
        known = {key: value for key, value in os.environ.items() if not key.startswith("DMO_")}
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=self.stage.folder / who,
            env={**known, **self.stage.environment(who), "PYTHONPATH": str(ROOT)},
            capture_output=True,
            check=False,
            text=True,
        )
        assert done.returncode == -signal.SIGKILL, done.stderr
        return done.stderr

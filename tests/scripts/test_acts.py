"""The scripts act and payout on the test chain: from a posted idea, and from a rejection, to money.

the script act
├── it carries an idea from its post to a paid bounty, lessons included
├── it carries a proposal from its text to what the treasury does
├── it proposes so that nobody else can propose the same first
├── it signs ballots with the account's own key, and sends them for others
├── given a query: it shows its answer
├── given no field=value, an act or field that is none, a refusal: it says so, with its exit code
└── given a flag: no means no
the script payout
├── it pays work and jurors until nothing is due
├── given nothing to do: it says so
└── given somebody who was faster: it passes over that, and does the rest
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from brownie import web3
from brownie.network.account import LocalAccount

from dmo.capabilities.campaigns import campaign
from dmo.capabilities.disputes import dispute
from dmo.capabilities.governance import proposals
from dmo.core.calls import Call, make_call
from dmo.core.chain import Chain
from dmo.core.errors import Refused
from dmo.core.sender import KeySender
from scripts import _common, act, payout
from tests.support.cli_chain import DAY, Stage, filled
from tests.support.quarrels import BOND, REWARD, USD, Quarrels

Run = Callable[..., str]


@pytest.fixture(scope="module")
def there(node: Chain, tmp_path_factory: pytest.TempPathFactory) -> Stage:
    stage = Stage(node, str(web3.provider.endpoint_uri), tmp_path_factory.mktemp("acts"))
    stage.deploy()
    stage.fund()
    return stage


@pytest.fixture
def stage(there: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """The module's, whose chain every test finds as it was, with a home of the test's own."""
    monkeypatch.setenv("DMO_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("DMO_YES", raising=False)
    monkeypatch.chdir(there.folder)
    return there


@pytest.fixture
def run(stage: Stage, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> Run:
    """Run a script as somebody; returns what it said, and demands its exit code."""
    book = str(stage.folder / "deployments" / "harbour.json")

    def run_it(who: str, *line: str, script: Any = act.main, code: int = 0) -> str:
        key = stage.keys[who]
        account = LocalAccount(key.address, key, key.key.hex())
        monkeypatch.setattr(_common, "sending_account", lambda: account)
        if code:
            with pytest.raises(SystemExit) as ended:
                script(book, *line)
            assert ended.value.code == code, capsys.readouterr()
        else:
            script(book, *line)
        said = capsys.readouterr()
        return str(said.out + said.err)

    return run_it


def _write(stage: Stage, name: str, kind: str, title: str, who: str = "dave") -> None:
    (stage.folder / name).write_text(filled(kind, title, stage.address(who)), "utf-8")


def _held(stage: Stage, *people: str) -> dict[str, int]:
    token = stage.dmo.budget_token.address
    return {who: stage.chain.call("ERC20", token, "balanceOf", stage.address(who)) for who in people}


def test_from_a_posted_idea_to_a_paid_worker(stage: Stage, run: Run) -> None:
    stage.round_starts(1)
    _write(stage, "idea.md", "idea", "Harbour radio")
    said = run("alice", "idea post", "file=idea.md", "ask=2,000", "fee=10%", "duration=21d")
    assert "As alice" in said
    assert "Posted idea 1/1" in said
    _write(stage, "idea.md", "idea", "Harbour radio, shorter")
    assert "Posted idea 1/2" in run("alice", "idea edit", "idea=1/1", "file=idea.md", "ask=1500")
    run("bob", "idea post", "file=idea.md", "ask=500", "duration=21d", "publish=no")
    assert "Withdrew" in run("bob", "idea withdraw", "idea=1/3")

    stage.round_starts(2)
    run("bob", "ballot cast", "choices=1 +2")
    run("carol", "ballot sign", "for=2", "out=signed.json")
    assert "Cast 1 ballot," in run("erin", "ballot relay", "files=signed.json")
    assert "passing" in run("erin", "idea list", "round=1")

    stage.round_starts(3)
    assert "Due: 1." in run("erin", script=payout.plan)
    assert "Done: 1 of 1; still due: 0." in run("erin", script=payout.main)
    _write(stage, "brief.md", "brief", "Two minutes")
    bounty = ("campaign=1", "file=brief.md", "reward=400", "slots=2", "until=+7d", "gift=no")
    assert "Posted bounty 1" in run("alice", "bounty post", *bounty)
    _write(stage, "evidence.md", "evidence", "A spot")
    shares = "payees=me:60% carol:40%"
    assert "submission 1" in run("dave", "work submit", "bounty=1", "file=evidence.md", shares)
    because = "because=The link is broken."
    assert "Rejected" in run("alice", "work reject", "submission=1", because)
    _write(stage, "evidence.md", "evidence", "A better spot")
    run("dave", "work rework", "submission=1", "file=evidence.md")
    run("alice", "work accept", "submission=1")
    stage.later(DAY)
    before = _held(stage, "dave", "carol")
    assert "Pay submission 1" in run("erin", script=payout.main)
    after = _held(stage, "dave", "carol")
    bond = 40 * USD
    assert {who: after[who] - before[who] for who in after} == {"dave": 240 * USD + bond, "carol": 160 * USD}
    assert run("erin", script=payout.main) == "Nothing is due.\n"

    stage.reach(campaign(stage.home(), 1).ends_at)
    run("erin", script=payout.main)
    _write(stage, "lesson.md", "lesson", "What radio taught")
    before = _held(stage, "alice")
    run("alice", "lesson file", "campaign=1", "file=lesson.md")  # with a bond, which comes back
    stage.later(3 * DAY)
    run("erin", script=payout.main)
    assert _held(stage, "alice")["alice"] - before["alice"] == 150 * USD * 400 // 1_350


def test_a_proposal_does_what_its_acts_say(stage: Stage, run: Run) -> None:
    stage.later(3 * DAY)  # votes weigh once they were held
    (stage.folder / "why.md").write_text("# Give the pool 500\n\nFor two rounds.", "utf-8")
    acts = "acts='campaign recall amount=500' 'campaign deposit amount=500'"
    assert "Proposed “Give the pool 500”" in run("alice", "govern propose", "text=why.md", acts)
    stage.later(3_700)
    for who in ("alice", "bob"):
        run(who, "govern vote", "proposal=1", "support=for")
    stage.later(2 * DAY)
    assert "Queued proposal 1" in run("erin", "govern queue", "proposal=1")
    stage.later(DAY + 60)
    assert "Executed proposal 1" in run("erin", "govern execute", "proposal=1")
    assert "executed" in run("erin", "govern list")


def test_attack_copied_proposal(stage: Stage, run: Run) -> None:
    stage.later(3 * DAY)  # votes weigh once they were held
    (stage.folder / "why.md").write_text("# Give the pool 500", "utf-8")
    run("alice", "govern propose", "text=why.md", "acts='campaign deposit amount=500'")
    (one,) = proposals(stage.home())
    assert one.description == f"# Give the pool 500\n\n#proposer={stage.address('alice')}"
    content = (list(one.targets), list(one.values), list(one.calldatas), one.description)
    copy = make_call("HolderGovernor", stage.home().dmo.address("HolderGovernor"), "propose", content, "")
    with pytest.raises(Refused) as refused:
        stage.home().chain.simulate(copy, stage.address("bob"))
    assert (refused.value.name, refused.value.arguments) == (
        "GovernorRestrictedProposer",
        {"proposer": stage.address("bob")},
    )


def test_a_no_means_no(stage: Stage, run: Run) -> None:
    said = run("alice", "ballot cast", "choices=1 +1", "empty=no", code=1)
    assert "error: " in said
    assert "neither yes nor no" in run("alice", "ballot cast", "empty=perhaps", code=2)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (("idea poste",), "there is no act 'idea poste'"),
        (("campaign top-up", "1", "5"), "'1' is no field=value"),
        (("campaign top-up", "campaign=1", "oil=5"), "knows no oil"),
        (("campaign top-up", "campaign=1"), "needs amount"),
        (("campaign top-up", "campaign=1", "campaign=2"), "it is said twice"),
        (("campaign top-up", "campaign=one", "amount=5"), "campaign: 'one' is no number"),
        (("work submit", "bounty=1", "payees=me:60%'", "file=x.md"), "a quotation mark too many"),
    ],
)
def test_refuses_what_it_cannot_read(run: Run, line: tuple[str, ...], told: str) -> None:
    assert told in run("alice", *line, code=2)


def test_says_why_a_contract_refuses(stage: Stage, run: Run) -> None:
    before = stage.chain.nonce(stage.address("alice"))
    assert "no campaign 1" in run("alice", "campaign close", "campaign=1", code=1)
    assert stage.chain.nonce(stage.address("alice")) == before


def test_says_when_nothing_is_due(run: Run) -> None:
    assert run("alice", script=payout.main) == "Nothing is due.\n"
    assert run("alice", script=payout.plan) == "Nothing is due.\n"


def test_asks_where_others_share_the_chain(stage: Stage, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dmo.home.home.LOCAL_CHAINS", ())
    answers = iter(["no\n", "yes\n"])
    someone = SimpleNamespace(isatty=lambda: True, readline=lambda: next(answers))
    monkeypatch.setattr("sys.stdin", SimpleNamespace(isatty=lambda: False))
    line = ("token delegate", "delegate=bob")
    assert "nobody is here to answer" in run("alice", *line, code=2)
    monkeypatch.setattr("sys.stdin", someone)
    assert "Nothing was sent." in run("alice", *line, code=1)
    assert stage.chain.nonce(stage.address("alice")) == 0
    assert "votes with your tokens" in run("alice", *line)
    assert "vote for you" in run("alice", "token delegate", "delegate=me", "yes")


# ── disputes ────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def quarrels(stage: Stage) -> Quarrels:
    text = filled("statement", "The file was there")
    (stage.folder / "statement.md").write_text(text, "utf-8")
    found = Quarrels(stage)
    found.fund()
    found.allow("dave", BOND)  # for the work; the script approves for the dispute
    return found


def test_from_a_rejection_to_paid_jurors(quarrels: Quarrels, stage: Stage, run: Run) -> None:
    work = f"submission={quarrels.rejected()}"
    said = run("dave", "dispute contest", work, "file=statement.md")
    assert "1. Let the escrow take 10 PLAY" in said
    assert run("erin", script=payout.main) == "Nothing is due.\n"
    run("alice", "dispute uphold", work, "file=statement.md")
    for who in ("bob", "carol"):
        run(who, "dispute commit", work, "ruling=refuse", "publish=no", code=2)
        run(who, "dispute commit", work, "ruling=pay")
    assert "cannot be revealed now" in run("bob", "dispute reveal", work, code=1)
    stage.reach(dispute(stage.home(), 1).commit_until)
    assert "Revealed 2 rulings" in run("bob", "dispute reveal", work)
    assert run("erin", script=payout.main) == "Nothing is due.\n"

    stage.reach(dispute(stage.home(), 1).reveal_until)
    assert "Due: 1." in run("erin", script=payout.plan)
    before = _held(stage, "dave", "bob", "carol")
    said = run("erin", script=payout.main)
    assert "Done: 2 of 2; still due: 0." in said
    gained = {who: sum_ - before[who] for who, sum_ in _held(stage, *before).items()}
    # the upholder loses the stake: half to the jurors by weight, half to the worker
    assert gained["bob"] + gained["carol"] == BOND // 2
    assert gained["bob"] - BOND // 2 * 250_000 // 450_000 in (0, 1)
    assert gained["dave"] == REWARD + BOND + BOND + BOND // 2
    assert run("erin", script=payout.main) == "Nothing is due.\n"


def test_payout_passes_over_what_somebody_else_did(
    quarrels: Quarrels, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another keeper is faster with the payment; the rest is still done."""
    quarrels.allow("dave", 2 * BOND)
    one = quarrels.disputed(quarrels.rejected())
    quarrels.revealed(one)
    send = KeySender.send

    def faster(sender: Any, call: Call, gas: int | None) -> Any:
        if call.contract == "CampaignEscrow":
            send(quarrels.people["carol"], call)
        return send(sender, call, gas)

    monkeypatch.setattr(KeySender, "send", faster)
    said = run("erin", script=payout.main)
    assert "Passed over: work pay" in said
    assert "Done: 1 of 2; still due: 0." in said

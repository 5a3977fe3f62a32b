"""The story in which every example of the command line is typed, chapter by chapter."""

from __future__ import annotations

import contextlib
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from eth_account.messages import encode_typed_data

from dmo.capabilities import registry
from dmo.capabilities.campaigns import Campaign, campaign
from dmo.core import words
from dmo.core.abi.codec import encode, keccak
from dmo.core.calls import Call
from dmo.core.sender import KeySender
from tests.support.cli_chain import DAY, PEOPLE, Result, Stage, filled

EXAMPLE = b"---\nkind: reason\ntitle: Example\nlang: en\n---\n\nThe link is broken.\n"
YEAR = 366 * DAY


class Story:
    """Plays, and remembers what was typed.

    Args:
        stage: A deployment with people.
        before: Told of every command line before it is run, with who types it.
    """

    def __init__(self, stage: Stage, before: Callable[[Stage, str, str], None]) -> None:
        self.stage = stage
        self.before = before
        self.typed: dict[str, Result] = {}
        for name in PEOPLE:
            (stage.folder / name).mkdir(exist_ok=True)

    def __call__(self, command: str, who: str = "alice", code: int = 0, **more: str) -> Result:
        if not more:
            self.before(self.stage, command, who)
        result = self.stage.ok(command, who, code, cwd=self.stage.folder / who, **more)
        self.typed[command] = result
        return result

    @contextlib.contextmanager
    def aside(self) -> Iterator[None]:
        """What happens here is undone afterwards."""
        request = self.stage.chain.transport.request
        as_it_is = request("evm_snapshot", [])
        try:
            yield
        finally:
            request("evm_revert", [as_it_is])

    def data(self, command: str, who: str = "alice") -> Any:
        """What a command tells a machine."""
        return self.stage.ok(f"{command} --format json", who).json["data"]

    def campaign(self, number: int) -> Campaign:
        """A campaign as it stands."""
        return campaign(self.stage.home(), number)

    def write(self, who: str, name: str, kind: str, title: str) -> None:
        text = filled(kind, title, self.stage.address(who))
        (self.stage.folder / who / name).write_text(text)

    def block(self, who: str, blocked: bool) -> None:
        """Let the budget token refuse somebody."""
        data = keccak(b"setBlocked(address,bool)")[:4]
        data += encode(["address", "bool"], [self.stage.address(who), blocked])
        call = Call(self.stage.dmo.budget_token.address, data, 0, "Block")
        KeySender(self.stage.chain, self.stage.deployer).send(call)


def _before(play: Story) -> None:
    stage = play.stage
    play("dmo account list")
    fresh = {"DMO_KEYSTORE_DIR": str(stage.folder / "fresh")}
    play("dmo account new alice", **fresh)
    key = bytes(stage.keys["carol"].key).hex()
    result = play("dmo account import carol", DMO_PRIVATE_KEY=key, **fresh)
    assert stage.address("carol") in result.out
    (stage.folder / "alice/old").mkdir()
    shutil.copy(stage.folder / "keystores/dave.json", stage.folder / "alice/old/UTC--dave.json")
    play("dmo account import dave --keystore old/UTC--dave.json", **fresh)
    play("dmo account name club 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")
    play("dmo account name club --forget")
    play("dmo token show")
    play("dmo token show bob")
    play("dmo token delegate bob")
    play("dmo token delegate me")


def _ideas(play: Story) -> None:
    stage = play.stage
    stage.round_starts(1)
    play("dmo idea new idea.md")
    mine = stage.folder / "alice"
    unfilled = stage.run("dmo idea post idea.md --ask 1500 --duration 21d", cwd=mine)
    assert unfilled.code == 2
    assert "idea.md:3" in unfilled.err
    play.write("alice", "idea.md", "idea", "Harbour radio")
    post = "dmo idea post idea.md --ask 1500 --duration 21d --fee 10%"
    assert "Posted idea 1/1" in play(post).out
    play.write("alice", "idea.md", "idea", "Harbour radio, shorter")
    assert "Posted idea 1/2" in play("dmo idea edit 1/1 idea.md --ask 1200").out
    play("dmo idea withdraw 1/2")
    play.write("alice", "idea.md", "idea", "Harbour radio again")
    assert "Posted idea 1/3" in play(post).out
    twice = stage.run(post, cwd=stage.folder / "alice")
    assert twice.code == 2
    assert "idea 1/3 of yours" in twice.err
    for number, who in ((4, "bob"), (5, "carol")):
        play.write(who, "idea.md", "idea", f"An idea of {who}")
        command = "dmo idea post idea.md --ask 900 --duration 30d --fee 5% --lead me"
        assert f"Posted idea 1/{number}" in play(command, who).out
    play("dmo document verify idea.md")
    play.write("dave", "idea.md", "idea", "An idea of dave")
    assert "Published as" in play("dmo document publish idea.md", "dave").out
    assert "on the chain already" in stage.ok("dmo document publish idea.md", cwd=mine).out


def _votes(play: Story) -> None:
    stage = play.stage
    stage.round_starts(2)
    assert "Vote in round 1" in play("dmo status", code=10).out
    play("dmo idea list")
    play("dmo idea list 1")
    play("dmo ballot sign 1 +3 -4 --out ballot.json", "dave")
    shutil.copy(stage.folder / "dave/ballot.json", stage.folder / "erin/ballot.json")
    told = stage.ok(
        "dmo ballot sign 1 +3 --calldata --out mine.json --format json", "carol", cwd=stage.folder / "carol"
    )
    signed = stage.keys["carol"].sign_message(encode_typed_data(full_message=told.json["data"]["typed_data"]))
    (stage.folder / "carol/signature.txt").write_text(signed.signature.hex())
    assert (
        f"Signed by carol ({stage.address('carol')})"
        in play("dmo ballot attach mine.unsigned.json signature.txt", "carol").out
    )
    stage.later(60)
    assert "Cast 1 ballots, skipped 0" in play("dmo ballot relay ballot.json", "erin").out
    play("dmo ballot cast 1 +3 -4")
    stage.later(60)
    stage.ok("dmo ballot cast 1 -4")
    stage.later(60)
    assert "against" in play("dmo vote +3 --keep").out
    stage.later(60)
    assert "exactly that already; nothing was sent" in stage.ok("dmo vote +3 --keep").out
    assert "→ Nothing changes" in stage.ok("dmo vote +3 --keep --again").out
    unknown = stage.run("dmo vote +9")
    assert unknown.code == 1
    assert unknown.out == ""
    assert stage.ok("dmo idea show 3").out == stage.ok("dmo idea show 1/3").out
    play("dmo ballot cast 1 --for 3,5 --against 4", "bob")
    play("dmo ballot show")
    play("dmo ballot show bob")
    play("dmo idea show 1/3")
    play("dmo round show")
    play("dmo round show 1")


def _bounties(play: Story) -> None:
    stage = play.stage
    stage.round_starts(3)
    assert "Round 1 can be settled" in play("dmo due").out
    settled = play("dmo round settle")
    assert "idea 1/3 is campaign 1" in settled.out
    assert "funded: campaign 1" in stage.ok("dmo idea list 1").out
    assert "funded: campaign 1" in stage.ok("dmo idea show 1/3").out
    assert "did not pass" in stage.ok("dmo idea show 1/4").out
    play("dmo campaign list")
    own = stage.run("dmo campaign deposit 500")
    assert own.code == 1
    assert "usually governance: propose it with `dmo govern`" in own.err
    play("dmo campaign top-up 1 50", "erin")
    play("dmo bounty new brief.md")
    play.write("alice", "brief.md", "brief", "Two minutes of radio")
    post = "dmo bounty post 1 brief.md --reward 300 --slots 2 --until +7d"
    assert "Posted bounty 1" in play(post).out
    twice = stage.run(post, cwd=stage.folder / "alice")
    assert twice.code == 2
    assert "bounty 1 of campaign 1" in twice.err
    stage.ok(f"{post} --again", cwd=stage.folder / "alice")
    play("dmo campaign show 1")
    shown = play("dmo bounty show 1")
    assert "at the latest on" in shown.out
    play("dmo bounty list")


def _work(play: Story) -> None:
    stage = play.stage
    play("dmo work new evidence.md", "dave")
    play.write("dave", "evidence.md", "evidence", "Radio spot")
    play("dmo work submit 1 evidence.md", "dave")
    play.write("bob", "evidence.md", "evidence", "Another spot")
    play("dmo work submit 1 evidence.md --payee me:60% --payee carol:40%", "bob")
    play.write("erin", "evidence.md", "evidence", "A third spot")
    for who in ("erin", "dave"):
        stage.ok("dmo work submit 2 evidence.md", who, cwd=stage.folder / who)
    play("dmo bounty cancel 2")
    play("dmo work show 1")
    mine = stage.ok("dmo work list", "dave").out
    assert re.findall(r"^ *(\d+) ", mine, re.M) == ["4", "1"]
    assert re.findall(r"^ *(\d+) ", play("dmo work list").out, re.M) == ["4", "3", "2", "1"]
    play("dmo work list --all")
    waiting = stage.ok("dmo status", "bob").out
    assert re.search(r"○ Your submission 2 is in review +paid at the latest .* dmo work show 2", waiting)
    assert "You can post" not in waiting
    assert "You can post" in stage.ok("dmo status --all", "bob").out
    assert "2 of your submissions are in review" in stage.ok("dmo status", "dave").out
    assert "Judge submission 1" in play("dmo status", code=10).out
    assert re.search(r"→ dave \(\S+\) gets 300 PLAY from", play("dmo work accept 1").out)
    twice = stage.run("dmo work accept 1")
    assert twice.code == 1
    assert twice.out == ""
    rejected = play('dmo work reject 2 --because "The link is broken."').out
    assert re.search(r"Next: its worker answers until .*: dmo work release 2", rejected)
    assert "rework or contest it" in stage.ok("dmo status", "bob", 10).out
    play.write("bob", "evidence.md", "evidence", "Another spot, mended")
    play("dmo work rework 2 evidence.md", "bob")
    play("dmo work new reason.md --kind reason")
    with play.aside():
        accepted = stage.ok("dmo work accept 2").out
    assert re.search(r"→ bob \(\S+\) gets 180 PLAY, carol \(\S+\) gets 120 PLAY from", accepted)
    play.write("alice", "reason.md", "reason", "Still broken")
    play("dmo work reject 2 reason.md")
    play("dmo status bob --all", code=10)
    play("dmo work withdraw 4", "dave")
    stage.ok('dmo work reject 3 --because "No sound."')
    stage.later(DAY)
    play("dmo work release 3", "erin")
    stage.later(DAY)  # what was held in vain is open again, for one answer window
    play("dmo bounty reclaim 2")
    paid = play("dmo work pay 1", "dave").out
    assert "Paid dave" in paid
    assert "Returned" in paid
    play("dmo work release")
    play("dmo points show")
    play("dmo points show bob")
    play("dmo points board")
    play("dmo bounty list --all")


def _credits(play: Story) -> None:
    """Work that silence accepts, for two payees that the token refuses."""
    stage = play.stage
    play.write("carol", "evidence.md", "evidence", "Carol's spot")
    command = "dmo work submit 1 evidence.md --payee me:60% --payee bob:40%"
    stage.ok(command, "carol", cwd=stage.folder / "carol")
    stage.later(3 * DAY)
    play.block("carol", True)
    play.block("bob", True)
    assert "waits as a credit" in play("dmo work pay", "erin").out
    play("dmo credit show", "carol")
    play("dmo credit withdraw 0x00000000000000000000000000000000000000A1", "carol")
    blocked = stage.run("dmo credit withdraw", "bob")
    assert blocked.code == 1
    assert "budget token refuses to pay bob" in blocked.err
    undelivered = stage.run("dmo credit deliver bob", "erin")
    assert undelivered.code == 1
    assert "could not be delivered" in undelivered.err
    play.block("bob", False)
    with play.aside():
        assert "1 credit can be delivered" in stage.ok("dmo due").out
        assert re.search(r"Delivered 120 PLAY to bob", play("dmo credit deliver bob", "erin").out)
    with play.aside():
        stage.later(YEAR)
        assert "120 PLAY" in play("dmo credit expire bob", "erin").out
    assert "120 PLAY" in play("dmo credit withdraw", "bob").out


def _disputes(play: Story) -> None:
    """A rejection and an acceptance before the jury, from the statement to the rulings."""
    stage = play.stage
    play.block("carol", False)
    post = "dmo bounty post 1 brief.md --reward 200 --slots 2 --until +7d"
    stage.ok(post, "alice", cwd=stage.folder / "alice")
    for who, number in (("dave", 6), ("erin", 7)):
        play.write(who, "evidence.md", "evidence", f"Another spot of {who}")
        handed_in = stage.ok("dmo work submit 3 evidence.md", who, cwd=stage.folder / who)
        assert f"submission {number}." in handed_in.out
    stage.ok('dmo work reject 6 --because "It is late."')
    stage.ok("dmo work accept 7")
    assert "rework or contest it" in stage.ok("dmo status", "dave", 10).out

    play("dmo dispute new statement.md", "dave")
    unfilled = stage.run("dmo dispute contest 6 statement.md", "dave", cwd=stage.folder / "dave")
    assert unfilled.code == 2
    assert "statement.md:3" in unfilled.err
    statements = {"dave": "It was on air in time", "carol": "It was not on air", "alice": "It was late"}
    for who, title in statements.items():
        play.write(who, "statement.md", "statement", title)
    contested = play("dmo dispute contest 6 statement.md", "dave").out
    # stakes of 20, and as much a worker's bond; who is right gets half of what the other loses
    assert "you get 250 PLAY if it rules pay, 0 PLAY if it rules refuse, 38 PLAY without" in contested
    waiting = stage.ok("dmo status", code=10).out
    assert "Your rejection of submission 6 is contested: uphold it with 20 PLAY, or the work is paid" in waiting
    assert "can be upheld" in stage.ok("dmo status", "dave", 0).out
    assert "it can be upheld until" in stage.ok("dmo work show 6").out
    assert "if nobody upholds it" in stage.ok("dmo dispute show 6", "bob").out
    assert "can be upheld" in stage.ok("dmo dispute list", "bob").out
    sides = "You get 0 PLAY if it rules pay, 30 PLAY if it rules refuse, 18 PLAY without"
    assert sides in play("dmo dispute uphold 6 statement.md").out
    assert sides in play("dmo dispute challenge 7 statement.md", "carol").out
    play("dmo dispute new more.md --kind evidence", "dave")
    play("dmo dispute evidence 6 evidence.md", "dave")
    assert "submission 7: a challenged acceptance" in stage.ok("dmo campaign show 1").out
    assert "without a ruling the rejection stands" in stage.ok("dmo work show 6").out
    play("dmo dispute list")
    play("dmo dispute list --all")
    assert "Judge the dispute about submission 6" in stage.ok("dmo status", "bob", 10).out
    shown = play("dmo dispute show 6", "bob").out
    assert "Next: dmo dispute commit 6 pay, or dmo dispute commit 6 refuse" in shown
    play("dmo dispute show 6 --all", "bob")

    play("dmo dispute commit 6 pay", "bob")
    play("dmo dispute commit 7 refuse --salt-file salt.json", "bob")
    stage.ok("dmo dispute commit 6 refuse", "carol")
    stage.ok("dmo dispute commit 7 refuse", "dave")
    stage.later(DAY)
    first = stage.ok("dmo status", "bob", 10).out.split("\n")[1]
    assert "Reveal your ruling on submission 6" in first
    assert "Revealed 2 rulings on submission 6" in play("dmo dispute reveal 6", "bob").out
    # the other machine knows the file alone
    fresh = {"DMO_HOME": str(stage.folder / "elsewhere")}
    play("dmo dispute reveal 7 --salt-file salt.json", "bob", **fresh)
    assert "dave" in play("dmo dispute reveal --all", "erin").out

    stage.later(DAY // 2)
    # Both rulings count by now; handing one over is cheaper to read, and nothing else.
    assert "1 submission can be paid" in stage.ok("dmo status", "erin", 10).out
    assert "Handed over: pay on submission 6" in play("dmo dispute rule 6", "erin").out
    assert "over: the ruling was: refuse" in stage.ok("dmo dispute list", "erin").out


def _settle(play: Story) -> None:
    """Work is paid and released, jurors are paid; everybody gets what was shown before."""
    stage = play.stage

    def balances() -> dict[str, int]:
        token = stage.dmo.budget_token.address
        people = {name: stage.address(name) for name in PEOPLE}
        return {name: stage.chain.call("ERC20", token, "balanceOf", at) for name, at in people.items()}

    shown = [stage.ok(f"dmo dispute show {number} --format json").json["data"]["outcomes"] for number in (6, 7)]
    assert [[one["ruling"] for one in outcomes] for outcomes in shown] == [["pay"], ["refuse"]]
    pool = int(play.data("dmo campaign list")["pool"])
    free = int(play.data("dmo bounty show 3")["bounty"]["set_aside"])
    before = balances()
    paid_out = stage.ok("dmo work pay 6", "erin").out
    assert "dmo dispute pay 6" in paid_out
    assert re.search(r"Paid dave \(\S+\) 200 PLAY for submission 6\.", paid_out)
    assert "for the dispute of submission 6, from what was lost there" in paid_out
    bond = r"Returned 20 PLAY to dave \(\S+\): a bond left with submission 6\."
    assert len(re.findall(bond, paid_out)) == 2  # the work's and the dispute's
    released = stage.ok("dmo work release 7", "erin").out
    assert "for the dispute of submission 7, from what was lost there" in released
    assert re.search(r"Returned 20 PLAY to carol", released)
    told = Counter[str]()
    for (outcome,) in shown:
        told.update({who: int(amount) for who, amount in outcome["accounts"].items()})
    after = balances()
    assert {name: after[name] - before[name] for name in PEOPLE} == {name: told[stage.address(name)] for name in PEOPLE}
    pooled = int(play.data("dmo campaign list")["pool"]) - pool
    assert pooled == sum(int(one["pool"]) for (one,) in shown)
    freed = int(play.data("dmo bounty show 3")["bounty"]["set_aside"]) - free
    assert freed == sum(int(one["campaign"]) for (one,) in shown)

    share = stage.ok("dmo status", "bob", 10).out
    assert "You are owed" in share
    assert "Jurors of 2 disputes can be paid" in stage.ok("dmo due").out
    with play.aside():
        stage.later(YEAR)
        play("dmo dispute expire 6", "erin")
    assert "for judging submission 6" in play("dmo dispute pay 6", "erin").out
    play("dmo dispute pay", "erin")
    paid = balances()
    jurors = sum(int(one["jurors"]) for (one,) in shown)
    assert sum(paid.values()) - sum(after.values()) == jurors
    assert "owed" not in stage.ok("dmo status", "bob").out
    assert "a jury overturned 2" in stage.ok("dmo bounty show 3").out


def _governance(play: Story) -> None:
    """Every act of governance is proposed; what was proposed first is voted on and done first."""
    stage = play.stage
    with play.aside():
        play("dmo guard halt", "erin")
    (stage.folder / "alice/why.md").write_text("# Why\n\nBecause it is time.\n")
    stops = '"govern stop '
    examples = [one for one in proposing() if one not in play.typed and stops not in one]
    for example in examples:
        assert "Proposed “Why”" in play(example).out
    play("dmo govern list")
    with play.aside():
        play("dmo govern cancel 1")
    with play.aside():  # carried out it would leave nothing to execute
        for example in proposing():
            if stops in example:
                play(example)
    stage.later(3_700)
    assert "Vote on proposal 1" in stage.ok("dmo status", "alice", 10).out
    play("dmo govern vote 1 for")
    play('dmo govern vote 1 against --reason "Too early."', "erin")
    for place in range(2, len(examples) + 1):
        stage.ok(f"dmo govern vote {place} for")
    stage.later(2 * DAY)
    play("dmo govern queue 1")
    for place in range(2, len(examples) + 1):
        stage.ok(f"dmo govern queue {place}", "erin")
    stage.later(DAY + 60)
    play("dmo govern execute 1")
    for place in range(2, len(examples) + 1):
        stage.ok(f"dmo govern execute {place}", "erin")
    assert play.campaign(1).lead == stage.address("bob")


def proposing() -> list[str]:
    """Examples that propose: money is taken before it is given, a role given before it is taken."""
    found = {
        example
        for name in registry()
        for example in words.texts(words.command(name).get("example"))
        if example.startswith("dmo govern propose")
    }
    return sorted(found, key=lambda one: ("recall" not in one, "revoke" in one, one))


def _lessons(play: Story) -> None:
    """Its second lead ends the campaign, and files what it taught."""
    stage = play.stage
    play("dmo campaign end 1 +7d", "bob")
    stage.reach(play.campaign(1).ends_at)
    assert "File the lessons" in stage.ok("dmo status", "bob", 10).out
    play("dmo lesson new lesson.md", "bob")
    play.write("bob", "lesson.md", "lesson", "What radio taught")
    booked = int(play.data("dmo campaign show 1")["campaign"]["booked"])
    assert booked
    token, alice = stage.dmo.budget_token.address, stage.address("alice")
    before = stage.chain.call("ERC20", token, "balanceOf", alice)
    play("dmo lesson file 1 lesson.md", "bob")
    assert stage.chain.call("ERC20", token, "balanceOf", alice) == before + booked
    play("dmo campaign close 1")
    stage.later(2 * DAY)
    stage.ok("dmo work pay", "erin")  # he led for a while in which nothing was paid, so nothing is his


def _rest(play: Story) -> None:
    from dmo.home.store import Store

    stage = play.stage
    Store(stage.folder / "home/documents").put(EXAMPLE)
    cid = "bafkreiaqsmokc5v7qnfbtvzsfixhygbh7q37sknlecg2u5x7rtgy5v4qny"
    play(f"dmo document get {cid} --out copy.md")
    assert (stage.folder / "alice/copy.md").read_bytes() == EXAMPLE
    play("dmo acts")
    play("dmo acts --format json")
    play("dmo report --out report.html")
    play("dmo index status")
    play("dmo index once")
    play("dmo index once --check")
    play("dmo index rebuild")
    play("dmo verify")
    play("dmo verify --out build/verify")
    play("dmo time")
    play("dmo time +3d")
    play("dmo time round")


def _wrapped(play: Story) -> None:
    """A second deployment, for an existing token: the play money of the first."""
    first = play.stage
    token = first.dmo.budget_token.address
    second = Stage(first.chain, first.url, first.folder / "second")
    second.deploy(
        token=f'kind = "wrap"\naddress = "{token}"\nname = "Harbour votes"\nsymbol = "vHRB"\n', name="wrapped"
    )
    other = Story(second, play.before)
    assert "Wrapped 100 PLAY" in other("dmo token wrap 100", "dave").out
    other("dmo token unwrap 40", "dave")
    play.typed.update(other.typed)


CHAPTERS: tuple[Callable[[Story], None], ...] = (
    *(_before, _ideas, _votes, _bounties, _work, _credits, _disputes, _settle, _governance),
    *(_lessons, _rest, _wrapped),
)

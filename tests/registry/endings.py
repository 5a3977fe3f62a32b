"""The later chapters of the examples' story: disputes, governance, the end of a campaign, a second deployment."""

from __future__ import annotations

import re
from collections import Counter

from dmo.capabilities import registry
from dmo.core import words
from tests.registry.story import Story
from tests.support.cli_chain import DAY, PEOPLE, Stage

EXAMPLE = b"---\nkind: reason\ntitle: Example\nlang: en\n---\n\nThe link is broken.\n"
YEAR = 366 * DAY
SECOND_JURY = """
[SecondJury]
contract = "Jury"
roles = { awarder = "@SecondJury" }
opens = { "SecondJury.admit" = "guardian" }
[SecondJury.arguments]
authority = "@AccessManager"
votes = "@votes"
excluded = ["@Treasury", "@CampaignEscrow"]
arbitrable = "@DisputeDesk"
[SecondJury.arguments.frame]
reputation = "@Reputation"
minPoints = "18000000000000000000000"
commitSeconds = "2 days"
revealSeconds = "1 day"
quorumBps = "20 %"
quorumFloor = "1000000000000000000000"
holdingSeconds = "1 hour"
"""


def disputes(play: Story) -> None:
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


def settle(play: Story) -> None:
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
    bonds = r"Returned 40 PLAY to dave \(\S+\): 2 bonds left with submission 6\."
    assert re.search(bonds, paid_out)  # the work's and the dispute's
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


def governance(play: Story) -> None:
    """Every act of governance is proposed; what was proposed first is voted on and done first."""
    stage = play.stage
    with play.aside():
        play("dmo guard halt", "erin")
    (stage.folder / "alice/why.md").write_text("# Why\n\nBecause it is time.\n")
    room = stage.folder / "config" / "harbour.rooms.toml"
    room.parent.mkdir()
    room.write_text(SECOND_JURY)
    assert "it is in the address book" in play("dmo rooms add SecondJury", "dave").out
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


def lessons(play: Story) -> None:
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


def rest(play: Story) -> None:
    from dmo.home.store import Store

    stage = play.stage
    Store(stage.folder / "home/documents").put(EXAMPLE)
    cid = "bafkreiaqsmokc5v7qnfbtvzsfixhygbh7q37sknlecg2u5x7rtgy5v4qny"
    play(f"dmo document get {cid} --out copy.md")
    assert (stage.folder / "alice/copy.md").read_bytes() == EXAMPLE
    play("dmo events")
    play("dmo events --since 100 --format json")
    play("dmo acts")
    play("dmo acts --format json")
    play("dmo report --out report.html")
    play("dmo web build copy")
    play("dmo index status")
    play("dmo index once")
    play("dmo index once --check")
    play("dmo index rebuild")
    told = f'[[wants]]\nwho = ["{stage.address("alice")}"]\nfeed = "alice.atom"\n'
    (stage.folder / "alice/notices.toml").write_text(told)
    play("dmo notice check notices.toml")
    play("dmo notice once notices.toml")
    play("dmo notice list")
    play("dmo notice list --waiting")
    play("dmo keeper plan")
    play("dmo keeper once")
    play("dmo keeper once --send --cap 0.05")
    play("dmo verify")
    play("dmo verify --out build/verify")
    play("dmo time")
    play("dmo time +3d")
    play("dmo time round")


def wrapped(play: Story) -> None:
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

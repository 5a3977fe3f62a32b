"""The chapter of what ideas bring: a bonus, forecasts of two ideas, a report that is challenged, and what is owed."""

from __future__ import annotations

from dmo.capabilities.outcomes import standing
from tests.registry.story import Story
from tests.support.cli_chain import DAY

YEAR = 366 * DAY


def _ask(play: Story, who: str, title: str, command: str) -> None:
    play.write(who, "idea.md", "idea", title)
    play.stage.ok(command, who, cwd=play.stage.folder / who)


def worth(play: Story) -> None:
    """All of it is undone afterwards, for it takes more than a year; so is what was written on the way."""
    papers = {path: path.read_bytes() for path in play.stage.folder.glob("*/*.md")}
    with play.aside():
        _forecasts(play)
        _outcomes(play)
        _ends(play)
    for path in [*play.stage.folder.glob("*/*.md")]:
        if path in papers:
            path.write_bytes(papers[path])
        else:
            path.unlink()
    play.stage.ok("dmo forecast deposit 20 --for Forecasts", "carol")


def _forecasts(play: Story) -> None:
    stage = play.stage
    assert "for campaign 1" in play("dmo bonus offer 1 50", "bob").out
    late = stage.run("dmo bonus offer 9 50", "bob")
    assert (late.code, "no campaign 9" in late.err) == (1, True)
    for who in ("alice", "bob"):
        _ask(play, who, f"Wallets by {who}", "dmo idea post idea.md --ask 900 --duration 21d --fee 5% --again")
    assert "Nobody has opened a forecast yet" in play("dmo forecast show 3/1").out
    play("dmo forecast deposit 20")
    play("dmo forecast deposit 20 --for bob", "carol")
    stage.ok("dmo forecast deposit 20 --for Forecasts", "carol")
    early = stage.run("dmo forecast sponsor 3/1 20")
    assert (early.code, "do not move now" in early.err) == (1, True)

    stage.round_starts(4)
    little = stage.run("dmo forecast sponsor 3/1 8")
    assert (little.code, "Leave 9 PLAY at least" in little.err) == (1, True)
    with play.aside():
        play("dmo forecast sponsor 3/1 20")
    assert "It opens at 40%" in play("dmo forecast sponsor 3/1 20 --start 40%").out
    play("dmo forecast sponsor 3/1 5 --at-least 30% --at-most 70%", "dave")
    away = stage.run("dmo forecast sponsor 3/1 5 --at-least 50% --at-most 70%", "dave")
    assert (away.code, "The forecast is 40%" in away.err) == (1, True)
    moved = play("dmo forecast move 3/1 62%", "bob").out
    assert "Your moves are paid" in moved
    dear = stage.run("dmo forecast move 3/1 0% --max-pay 1", "carol")
    assert (dear.code, "At most 1 PLAY were to be paid" in dear.err) == (1, True)
    play("dmo forecast move 3/1 55% --max-pay 10", "carol")
    assert "Holders expect 55% of the goal" in stage.ok("dmo forecast show 3/1", "bob").out
    stage.ok("dmo ballot cast 3 +1 +2")
    stage.ok("dmo ballot cast 3 +1 +2", "bob")
    assert "9 PLAY of the purse" in play("dmo forecast open 3/2", "erin").out
    play("dmo forecast list")
    play("dmo forecast list 3")

    stage.round_starts(5)
    closed = stage.run("dmo forecast move 3/1 60%", "bob")
    assert (closed.code, "do not move now" in closed.err) == (1, True)
    stage.ok("dmo round settle")
    assert "linked" in stage.ok("dmo status", "erin", 10).out
    play("dmo forecast link 3/1", "erin")
    again = stage.run("dmo forecast link 3/1", "erin")
    assert (again.code, "cannot be linked" in again.err) == (1, True)


def _outcomes(play: Story) -> None:
    stage = play.stage
    for who in ("dave", "erin"):
        play.write(who, "evidence.md", "evidence", f"Wallets counted by {who}")
    play.write("carol", "statement.md", "statement", "They were counted twice")
    early = stage.run("dmo outcome report 1 62% evidence.md", "dave", cwd=stage.folder / "dave")
    assert (early.code, "cannot be reported now" in early.err) == (1, True)
    stage.reach(standing(stage.home(), 1).starts)
    told = play("dmo outcome report 1 62% evidence.md", "dave").out
    assert "That is a value of 62 for “wallets”" in told
    twice = stage.run("dmo outcome report 1 10% evidence.md", "erin", cwd=stage.folder / "erin")
    assert (twice.code, "has report 1" in twice.err) == (1, True)
    assert "62% reported, pending until" in play("dmo outcome show 1").out
    play("dmo outcome challenge 1 statement.md", "carol")
    play("dmo outcome evidence 1 evidence.md", "dave")
    assert "Judge the dispute about report 1" in stage.ok("dmo status", "bob", 10).out
    shown = stage.ok("dmo dispute show r1", "bob").out
    assert "A dispute about report 1" in shown
    assert "dmo dispute commit r1 stands, or dmo dispute commit r1 falls" in shown
    assert "report" in stage.ok("dmo dispute list", "bob").out
    wrong = stage.run("dmo dispute commit r1 pay", "bob")
    assert (wrong.code, "stands or falls" in wrong.err) == (2, True)
    stage.ok("dmo dispute commit r1 stands", "bob")
    for party in ("alice", "carol", "dave"):
        assert "has a stake in this dispute" in stage.run("dmo dispute commit r1 stands", party).err
    stage.later(DAY)
    assert "Reveal your ruling on report 1" in stage.ok("dmo status", "bob", 10).out
    stage.ok("dmo dispute reveal r1", "bob")
    stage.later(DAY // 2)
    assert "1 report of an outcome can be settled" in stage.ok("dmo status", "erin", 10).out
    assert "Report 1 stands: it is the outcome, for ever." in play("dmo outcome settle 1", "erin").out
    assert "62% of the goal reached" in play("dmo outcome list").out
    assert "31 PLAY" in play("dmo bonus settle 1 bob", "erin").out
    assert "bob" in play("dmo outcome owed").out


def _ends(play: Story) -> None:
    stage = play.stage
    stage.reach(standing(stage.home(), 3).starts)
    stage.ok("dmo outcome report 3 100% evidence.md", "erin", cwd=stage.folder / "erin")
    stage.later(8 * DAY)
    assert "100% of the goal reached" in stage.ok("dmo outcome show 3").out
    assert "dmo forecast claim 3/1 0x" in stage.ok("dmo due").out
    with play.aside():
        play("dmo forecast claim 3/1", "bob")
        play("dmo forecast withdraw", "bob")
        nothing = stage.run("dmo forecast claim 3/1", "bob")
        assert (nothing.code, "has nothing here" in nothing.err) == (1, True)
    play("dmo forecast claim 3/1 bob", "erin")
    with play.aside():
        play("dmo forecast withdraw 0x00000000000000000000000000000000000000A1", "bob")
    play("dmo forecast deliver bob", "erin")
    assert "bob" in play("dmo forecast board").out
    with play.aside():
        play("dmo outcome pay 1", "erin")
        play("dmo outcome deliver bob", "erin")
        play("dmo outcome withdraw", "dave")
    with play.aside():
        play("dmo outcome withdraw 0x00000000000000000000000000000000000000A1", "dave")
    stage.later(YEAR)
    play("dmo outcome expire 1", "erin")
    play("dmo outcome lapse bob", "erin")
    play("dmo outcome sweep", "erin")

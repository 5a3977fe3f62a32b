"""The chapters of the story in which every example is typed."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable

from eth_account.messages import encode_typed_data

from tests.registry.endings import YEAR, disputes, governance, lessons, rest, settle, wrapped
from tests.registry.explained import explained, proposal_explained
from tests.registry.growing import growing, referrals
from tests.registry.heard import heard
from tests.registry.recognised import recognised
from tests.registry.story import Story
from tests.registry.worth import worth
from tests.support.cli_chain import DAY


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
    assert "this release's" in play("dmo book show").out
    play("dmo book show --out harbour.json")
    play("dmo book descriptors")
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
    play("dmo status --calendar harbour.ics", code=10)
    play("dmo idea list")
    play("dmo idea list 1")
    play("dmo ballot sign 1 +3 -4 --out ballot.json", "dave")
    assert "Signed by dave" in play("dmo ballot check ballot.json", "dave").out
    play("dmo ballot page 1")
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
    assert "Cast 1 ballot, skipped 0" in play("dmo ballot relay ballot.json", "erin").out
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
    play("dmo ballot list")
    play("dmo ballot list 1")
    play("dmo ballot show")
    play("dmo ballot show bob")
    play("dmo idea show 1/3")
    assert "No model is known to help" in play("dmo advisor show 1/3").out
    assert "50 %" in play("dmo advisor show 1/3 --model 1").out
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


CHAPTERS: tuple[Callable[[Story], None], ...] = (
    *(_before, heard, growing, _ideas, _votes, _bounties, referrals, worth, _work, _credits, disputes, explained),
    *(settle, governance, proposal_explained, lessons, recognised, rest, wrapped),
)

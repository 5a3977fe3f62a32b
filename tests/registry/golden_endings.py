"""The later chapters of the golden story: disputes, the end of a campaign, governance, a year."""

from __future__ import annotations

from eth_utils.crypto import keccak

from tests.registry.golden_commands import READING
from tests.registry.golden_play import Play
from tests.registry.recorder import DAY, MINUTE


def disputes(play: Play) -> None:
    play.send("bounty post disputed")
    for who in ("dave", "erin", "bob", "carol"):
        play.send(f"work submit by {who}", who)
    play.send("work submit by dave again", "dave")
    play.put("alice", "statement.md", "reason", "Why alice stands by it")
    play.sends("alice", "work reject by alice", "work accept by alice", "work reject again")
    play.sends("alice", "work reject by silence", "work reject in vain")
    play.shows("dispute contest", "dispute challenge")
    play.refusals("dave", "dispute contest unfilled", "dispute contest unknown", "dispute contest short",
                  "dispute challenge a rejection")  # fmt: skip
    play.refusals("carol", "dispute contest of another")
    play.refusals("alice", "dispute uphold uncontested", "dispute uphold an acceptance")
    play.send("dispute contest", "dave")
    play.send("dispute challenge", "carol")
    play.send("dispute contest a second", "bob")
    play.send("dispute contest a third", "carol")
    play.send("dispute contest in vain", "dave")
    play.reads("contested", "status", "due", "dispute list", "dispute show", "work show disputed", "campaign show")
    play.reads("contested", "status", "dispute show", who="dave")
    play.reads("contested", "status", "dispute show", who="bob")
    play.shows("dispute uphold")
    play.sends("alice", "dispute uphold", "dispute uphold a second", "dispute uphold a third")
    play.refusals("dave", "dispute contest twice", "dispute commit party", "dispute show none")
    play.send("dispute evidence", "dave")
    play.send("dispute evidence reason", "carol")
    play.refusals("carol", "dispute evidence copied", "dispute evidence none")
    play.reads("disputed", "status", "dispute list", "disputes", "dispute show", "dispute show all",
               "work show disputed", "campaign show", "work list all", who="bob")  # fmt: skip
    play.refusals("bob", "dispute commit maybe", "dispute commit none", "dispute reveal early",
                  "dispute reveal what", "dispute reveal nothing", "dispute rule early",
                  "dispute pay early")  # fmt: skip
    play.shows("dispute commit")
    play.send("dispute commit", "bob")
    play.send("dispute commit salt", "bob", out="salt.json")
    play.send("dispute commit by carol", "carol")
    play.send("dispute commit by dave", "dave")
    play.send("dispute commit third", "carol")
    play.sends("bob", "dispute commit anew", "dispute commit other", "dispute commit back")
    play.reads("committed", "status", "dispute show", "dispute list", who="bob")
    play.tick(DAY)
    play.refusals("erin", "dispute commit late")
    play.refusals("alice", "dispute uphold late")
    play.reads("revealing", "status", "dispute show", "due", who="bob")
    elsewhere = {"DMO_HOME": str(play.stage.folder / "elsewhere")}
    play.read("dispute reveal lost", "bob", **elsewhere)
    play.show("dispute reveal everybody", "erin")
    play.send("dispute reveal", "bob")
    play.send("dispute reveal salt", "bob", **elsewhere)
    play.send("dispute reveal all", "erin")
    play.reads("revealed", "dispute show", "disputes", "status")
    play.tick(DAY // 2)
    play.reads("ruling", "due", "status", "dispute show", who="erin")
    play.show("dispute rule several")
    play.send("dispute rule", "erin")
    play.reads("ruled", "due", "dispute show", "work show disputed", "status", "dispute list")
    play.send("work pay disputed", "erin")
    play.send("work release disputed", "erin")
    play.reads("settled disputes", "due", "status", "dispute show", "disputes", "dispute show all")
    play.show("dispute pay several")
    play.send("dispute pay", "erin")
    play.send("dispute pay all", "erin")
    play.tick(2 * DAY)
    play.sends("erin", "work pay ruled", "work pay in vain", "work release unruled")
    play.reads("after disputes", "due", "status", "dispute list", "disputes", "bounty show")
    play.reads("after disputes", "points board", "work list all", "bounty show disputed")


def court(play: Play) -> None:
    """A dispute that another arbitrator decides, for a price."""
    play.send("bounty post court")
    play.send("work submit court", "dave")
    play.send("work reject court")
    play.send("dispute contest court", "dave")
    play.shows("dispute uphold court")
    play.send("dispute uphold court")
    reads = ("dispute show court", "work show court", "campaign show court", "dispute list")
    play.reads("before another arbitrator", *reads, "status", "due", who="bob")
    play.refusals("bob", "dispute commit court", "dispute reveal court", "dispute rule court",
                  "dispute pay court")  # fmt: skip
    play.order(play.stage.deployer.address, play.court, "rule(uint256,uint256)", 0, 1)
    play.reads("ruled by another arbitrator", *reads, "due")
    play.send("work pay court", "erin")
    play.reads("after another arbitrator", "disputes", "due", "campaign list")


def end(play: Play) -> None:
    play.reads("before its end", "campaign show")
    play.tick(max(play.campaign_ends - play.now, MINUTE))
    play.reads("ended", "status", "due", "campaign show")
    play.send("lesson file")
    play.reads("lessons", "status", "campaign show")
    play.send("campaign close", "erin")
    play.tick(2 * DAY)
    play.send("work pay fee", "erin")
    play.reads("closed", "campaign show", "campaign list", "due", "status")


def governance(play: Play) -> None:
    dmo = play.stage.dmo
    escrow, governor = dmo.address("CampaignEscrow"), dmo.address("HolderGovernor")
    call = _withdraw_pool(100 * 10**6)
    play.order(
        play.stage.address("alice"),
        governor,
        "propose(address[],uint256[],bytes[],string)",
        [escrow],
        [0],
        [call],
        "Take 100 back",
    )
    play.tick()
    play.reads("proposed", "govern list", "status")
    play.refusals("alice", "govern vote unknown", "govern vote maybe", "govern vote early")
    play.refusals("alice", "govern queue early", "govern execute early")
    play.tick(3_700)
    play.reads("voting on it", "govern list", "status")
    play.send("govern vote")
    play.send("govern vote reason", "erin")
    play.send("govern vote abstain", "bob")
    play.refusals("alice", "govern vote twice")
    play.tick(2 * DAY)
    play.reads("succeeded", "govern list", "status", "due")
    play.send("govern queue", "erin")
    play.tick(DAY + MINUTE)
    play.reads("queued", "govern list", "status", "due")
    play.send("govern execute", "erin")
    play.refusals("erin", "govern execute twice")
    play.reads("executed", "govern list")


def _withdraw_pool(amount: int) -> bytes:
    return keccak(text="withdrawPool(uint256)")[:4] + amount.to_bytes(32, "big")


def rest(play: Play) -> None:
    """In the last state: everything for people, and what moves the clock."""
    names = [name for name in READING if name != "status of a live chain"]
    play.reads("at last", *names)
    for name in names:
        play.say(f"{name} (in text)", of=name)
    for name in ("no such command", "no such person", "idea show unknown", "work pay early"):
        play.say(f"{name} (in text)", of=name)
    play.sends("alice", "token delegate with options", "token delegate an address")
    play.say("token delegate me (in text)", of="token delegate me")
    for name in ("report", "verify", "time on", "time round"):
        play.read(name)
        play.follow()
    play.tick(366 * DAY)
    play.reads("a year later", "status", "due", "dispute list", "disputes")
    play.send("dispute pay late", "erin")

"""The golden story, chapter by chapter: who runs which command in which state of things."""

from __future__ import annotations

import json
import re
from hashlib import sha256

from eth_abi.abi import decode
from eth_utils.crypto import keccak

from tests.registry.golden_commands import READING, SAID, WRITING
from tests.registry.golden_play import Play, document
from tests.registry.recorder import DAY, MINUTE
from tests.support.cli_chain import ROOT


def _before(play: Play) -> None:
    play.reads(
        "empty", "status", "s", "due", "d", "idea list", "round show", "campaign list",
        "bounty list", "work list", "dispute list", "govern list", "points board", "token show",
        "ballot show", "credit show", "points show", "account list", "time",
    )  # fmt: skip
    play.refusals(
        "alice", "no such command", "no such verb", "no such option", "no such format",
        "no such deployment", "no such network", "no node", "no such account", "no such person",
        "address with a wrong checksum", "argument missing", "argument too many",
        "a key in a read", "ballot cast no round", "token wrap unwrapped", "time back", "time bad",
        "replay missing", "campaign show unknown", "idea list bad", "idea list 0", "round show bad",
    )  # fmt: skip
    for name in SAID:
        play.say(name)
    play.read("no account", DMO_ACCOUNT="")
    play.refusals("alice", "account without a key")
    play.shows("token wrap", "token delegate")
    play.read("several deployments", DMO_DEPLOYMENT="")
    play.read("wrong password", DMO_PASSWORD="wrong")
    key = bytes(play.stage.keys["carol"].key).hex()
    fresh = {"DMO_KEYSTORE_DIR": str(play.stage.folder / "fresh"), "DMO_PRIVATE_KEY": key}
    for name in ("account new", "account import", "account import keystore", "account new there"):
        play.read(name, **fresh)
    play.read("account import bad", **{**fresh, "DMO_PRIVATE_KEY": "0x12"})
    play.sends("alice", "token delegate", "token delegate me")
    for name in ("token wrap", "token unwrap", "token wrap again"):
        play.send(name, "dave")
    play.refusals("dave", "token wrap too much", "token unwrap too much")
    play.reads("wrapped", "token show wrapped")


def _ideas(play: Play) -> None:
    play.round_starts(1)
    for name in ("idea new", "bounty new", "work new", "work new reason", "lesson new",
                 "dispute new", "dispute new evidence"):  # fmt: skip
        play.read(name)
    play.read("dispute new for dave", "dave", "dispute new")
    play.refusals("alice", "idea new there", "work new kind", "document verify unfilled")
    for who in ("alice", "bob", "carol"):
        play.put(who, "idea.md", "idea", f"An idea of {who}")
        play.put(who, "second.md", "idea", f"A second idea of {who}")
    play.put("alice", "shorter.md", "idea", "Harbour radio, shorter")
    play.put("alice", "again.md", "idea", "Harbour radio again")
    play.put("alice", "brief.md", "brief", "Two minutes of radio")
    play.shows("idea post", "document publish")
    play.sends("alice", "idea post", "idea edit", "idea withdraw", "idea post again")
    play.refusals(
        "alice", "idea post unfilled", "idea post no file", "idea post no ask", "idea post twice",
        "idea post wrong kind", "idea post bad ask", "idea post fine ask", "idea post negative ask",
        "idea post zero ask", "idea post high ask", "idea post bad duration", "idea post short",
        "idea post bare fee", "idea post high fee", "idea post bad lead", "idea post bad ref",
        "idea post unknown ref", "idea edit unknown", "idea edit bad ref", "idea withdraw twice",
    )  # fmt: skip
    play.send("idea post with a lead", "bob")
    play.send("idea post unpublished", "carol")
    play.send("idea edit all", "carol")
    play.send("idea post --again")
    play.refusals("alice", "idea edit of another", "idea withdraw of another")
    play.send("document publish")
    play.reads("posting", "status", "due", "idea list", "idea show", "round show")
    play.reads("posting", "document verify", "document verify other")
    digest = sha256(document("idea", "An idea of alice").encode()).hexdigest()
    for name in ("document get", "document get out"):
        play.commands[name] = WRITING[name].replace("{idea}", digest)
        play.read(name)
    play.refusals("alice", "document get unknown", "document get bad")


def _votes(play: Play) -> None:
    play.round_starts(2)
    play.send("idea post in round 2")
    play.refusals("alice", "idea edit frozen", "idea show unknown", "ballot cast nothing",
                  "ballot cast bad", "ballot cast both", "ballot cast twice named",
                  "ballot cast unknown idea", "ballot cast other round", "ballot relay nothing",
                  "ballot relay bad", "round settle early", "round settle early 1")  # fmt: skip
    play.reads("voting, before any", "status", "ballot show")
    for name, who, file in (
        ("ballot sign", "dave", "ballot.json"),
        ("ballot sign alone", "erin", "second.json"),
    ):
        play.tick()
        _sign(play, name, who, file)
    play.refusals("dave", "ballot sign there")
    play.sends("erin", "ballot relay")
    play.refusals("erin", "ballot relay used")
    play.shows("ballot cast", "ballot sign")
    play.sends("alice", "ballot cast", "ballot cast --keep")
    play.sends("bob", "ballot cast --for", "ballot cast --empty", "vote")
    play.reads("voting", "status", "status bob", "s", "due", "idea list", "ideas", "idea show",
               "idea show number", "ballot show", "ballot show bob", "round show", "token show",
               "round show 1")  # fmt: skip


def _sign(play: Play, name: str, who: str, file: str) -> None:
    """Sign a ballot: with --calldata the wallet's question, then a file."""
    line = play.commands[name]
    play.commands[f"{name} --calldata"] = f"{line} --calldata"
    shown = play.read(f"{name} --calldata", who)
    play.records[f"{name} --calldata"]["signs"] = play.names.value(
        (shown or {}).get("data", {}).get("typed_data"), play.now
    )
    play.read(name, who)
    signed_file = play.stage.folder / who / file
    text = signed_file.read_text() if signed_file.exists() else "{}"
    play.write("erin", file, text)
    signed = {**json.loads(text), "digest": "<digest>"}
    play.records[name]["file"] = play.names.value(signed, play.now)
    for signature in re.findall(r"\b(?:0x)?([0-9a-f]{130})\b", text):
        play.names.signature(signature, who)


def _bounties(play: Play) -> None:
    play.round_starts(3)
    play.reads("settling", "status", "due", "round show 1")
    play.send("vote in round 2")
    play.sends("erin", "round settle")
    play.campaign_ends = play.now + 21 * DAY + MINUTE
    play.refusals("erin", "round settle twice")
    play.reads("settled", "due", "ideas", "idea show", "campaign list", "campaigns")
    play.reads("settled", "campaign show", "round show 1", "status")
    play.shows("campaign deposit", "campaign top-up")
    play.sends("alice", "campaign deposit")
    play.sends("erin", "campaign top-up")
    play.refusals("erin", "campaign top-up unknown", "campaign top-up zero", "bounty show unknown",
                  "campaign top-up too much", "campaign deposit bad", "campaign close early",
                  "credit withdraw nothing", "work pay nothing", "work release nothing",
                  "dispute rule nothing", "dispute pay nothing")  # fmt: skip
    play.put("erin", "lesson.md", "lesson", "What radio taught")
    play.put("alice", "lesson.md", "lesson", "What radio taught")
    play.put("erin", "brief.md", "brief", "Two minutes of radio")
    play.put("alice", "gift.md", "brief", "A poster")
    play.put("alice", "bond.md", "brief", "A song")
    play.refusals("erin", "lesson file of another", "bounty post of another")
    play.refusals("alice", "lesson file early")
    play.shows("bounty post")
    play.sends("alice", "bounty post", "bounty post --again", "bounty post gift")
    play.sends("alice", "bounty post bond")
    play.refusals("alice", "bounty post twice", "bounty post too much", "bounty post late",
                  "bounty post past", "bounty post bad until", "bounty post no slot",
                  "bounty post unknown", "bounty cancel unknown",
                  "bounty reclaim open")  # fmt: skip
    play.refusals("erin", "bounty cancel of another")
    play.reads("bounties", "bounty list", "bounties", "bounty show", "bounty show gift")
    play.reads("bounties", "campaign show", "status")


def _work(play: Play) -> None:
    for who in ("bob", "carol", "dave", "erin"):
        play.put(who, "evidence.md", "evidence", f"A spot of {who}")
        play.put(who, "copied.md", "evidence", "A copied spot", worker="alice")
        play.put(who, "mended.md", "evidence", f"A mended spot of {who}")
        play.put(who, "more.md", "evidence", f"More of {who}")
        play.put(who, "statement.md", "reason", f"A statement of {who}")
    play.put("alice", "reason.md", "reason", "Still broken")
    play.refusals("erin", "work submit copied", "work submit unknown", "work submit not for me",
                  "work submit bad shares", "work submit bad payee")  # fmt: skip
    play.shows("work submit")
    play.send("work submit", "dave")
    play.send("work submit payees", "bob")
    play.send("submit", "erin")
    play.send("work submit second", "dave")
    play.send("work submit gift", "dave")
    play.send("bounty cancel")
    play.reads("in review", "status", "work list", "work list all", "work show", "bounty show")
    play.reads("in review", "status", "work list", who="dave")
    play.refusals("alice", "work accept unknown", "work reject why", "work reject both",
                  "work show unknown", "work show word", "work pay early",
                  "work release early")  # fmt: skip
    play.refusals("erin", "work accept of another", "work withdraw of another")
    play.shows("work accept", "work reject", "work withdraw")
    for name in ("work pay several", "work release several"):
        play.show(name)
    play.sends("alice", "work accept", "accept")
    play.refusals("alice", "work accept twice")
    play.refusals("dave", "work rework early")
    play.send("work reject")
    play.reads("rejected", "status", "work show rejected", who="bob")
    play.send("work rework", "bob")
    play.send("reject")
    play.send("work withdraw", "dave")
    play.send("work reject unseen")
    play.reads("judged", "status", "work list", "due", "work show rejected")
    play.tick(DAY)
    play.send("work release", "erin")
    play.send("bounty reclaim", "erin")
    play.reads("payable", "status", "due", "work show", "work list all")
    _another_arbitrator(play)
    play.send("settle", "bob")
    play.send("work pay", "dave")
    play.send("work release all", "erin")
    play.send("pay", "erin")
    play.reads("paid", "points show", "points show bob", "points board", "board", "due")
    play.reads("paid", "bounties", "bounty show", "work list all", "campaign show", "status")


WINDOWS = "(uint32,uint32,uint32,uint32,uint32)"
TERMS = f"({WINDOWS},uint16,uint112,address,bool,bytes32,bytes)"


def _another_arbitrator(play: Play) -> None:
    """Governance names another arbitrator, which takes money, for campaigns funded from now on."""
    (file,) = (ROOT / "build/contracts").rglob("SimpleCentralizedArbitrator.json")
    court = play.deploy("Court", f"0x{json.loads(file.read_text())['bytecode']}")
    desk = play.stage.dmo.address("DisputeDesk")
    data = "0x" + (keccak(text="termsOf(uint16)")[:4] + (1).to_bytes(32, "big")).hex()
    answer = play.request("eth_call", [{"to": desk, "data": data}, "latest"])
    (terms,) = decode([TERMS], bytes.fromhex(answer[2:]))
    terms = (*terms[:3], court, False, *terms[5:])
    treasury = play.impersonate(play.stage.dmo.address("TimelockController"))
    play.order(treasury, desk, f"setTerms({TERMS})", terms)
    play.court = court


def _credits(play: Play) -> None:
    """Work that silence accepts, for two payees that the token refuses."""
    play.send("work submit to be owed", "carol")
    play.tick(3 * DAY + MINUTE)
    for who in ("carol", "bob"):
        play.block(who, True)
    play.read("pay as credits", "erin", "pay")
    play.reads("owed", "credit show", "status", who="carol")
    play.send("credit withdraw", "carol")
    play.refusals("bob", "credit withdraw blocked")
    play.block("bob", False)
    play.send("credit withdraw me", "bob")
    play.block("carol", False)


def _disputes(play: Play) -> None:
    play.send("bounty post disputed")
    for who in ("dave", "erin", "bob", "carol"):
        play.send(f"work submit by {who}", who)
    play.sends("alice", "work reject by alice", "work accept by alice", "work reject again")
    play.sends("alice", "work reject by silence")
    play.shows("dispute open", "dispute open a challenge")
    play.refusals("dave", "dispute open unfilled", "dispute open unknown")
    play.refusals("carol", "dispute open of another")
    play.send("dispute open", "dave")
    play.send("dispute open a challenge", "carol")
    play.send("dispute open a third", "bob")
    play.send("dispute open a fourth", "carol")
    play.refusals("dave", "dispute open twice", "dispute commit party", "dispute show none")
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
    play.send("dispute rule all", "erin")
    play.reads("ruled", "due", "dispute show", "work show disputed", "status", "dispute list")
    play.send("work pay disputed", "erin")
    play.send("work release disputed", "erin")
    play.reads("settled disputes", "due", "status", "dispute show", "disputes", "dispute show all")
    play.show("dispute pay several")
    play.send("dispute pay", "erin")
    play.send("dispute pay all", "erin")
    play.tick(2 * DAY)
    play.sends("erin", "work pay ruled", "work release unruled")
    play.reads("after disputes", "due", "status", "dispute list", "disputes", "bounty show")
    play.reads("after disputes", "points board", "work list all", "bounty show disputed")


def _court(play: Play) -> None:
    """A dispute that another arbitrator decides, for a price."""
    play.send("bounty post court")
    play.send("work submit court", "dave")
    play.send("work reject court")
    play.shows("dispute open court")
    play.send("dispute open court", "dave")
    reads = ("dispute show court", "work show court", "campaign show court", "dispute list")
    play.reads("before another arbitrator", *reads, "status", "due", who="bob")
    play.refusals("bob", "dispute commit court", "dispute reveal court", "dispute rule court",
                  "dispute pay court")  # fmt: skip
    play.order(play.stage.deployer.address, play.court, "rule(uint256,uint256)", 0, 1)
    play.reads("ruled by another arbitrator", *reads, "due")
    play.send("work pay court", "erin")
    play.reads("after another arbitrator", "disputes", "due", "campaign list")


def _end(play: Play) -> None:
    play.reads("before its end", "campaign show")
    play.tick(max(play.campaign_ends - play.now, MINUTE))
    play.reads("ended", "status", "due", "campaign show")
    play.send("lesson file")
    play.reads("lessons", "status", "campaign show")
    play.send("campaign close", "erin")
    play.tick(2 * DAY)
    play.send("work pay fee", "erin")
    play.reads("closed", "campaign show", "campaign list", "due", "status")


def _governance(play: Play) -> None:
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


def _rest(play: Play) -> None:
    """In the last state: everything for people, and what moves the clock."""
    play.reads("at last", *READING)
    for name in READING:
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


CHAPTERS = (
    _before,
    _ideas,
    _votes,
    _bounties,
    _work,
    _credits,
    _disputes,
    _court,
    _end,
    _governance,
    _rest,
)

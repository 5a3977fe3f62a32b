"""The golden story, chapter by chapter: who runs which command in which state of things.

What comes after the first payments is in tests/registry/golden_endings.py.
"""

from __future__ import annotations

import json
import re
import shutil
from hashlib import sha256

from eth_abi.abi import decode
from eth_utils.crypto import keccak

from tests.registry.golden_commands import SAID, WRITING
from tests.registry.golden_endings import court, disputes, end, governance, rest
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


def _other_chains(play: Play) -> None:
    """Where others share the chain: what is asked, and whether texts are published."""
    folder = play.stage.folder / "deployments"
    book = json.loads((folder / "harbour.json").read_text())
    for name, chain_id in (("live", 1), ("testnet", 11_155_111)):
        (folder / f"{name}.json").write_text(json.dumps({**book, "chain_id": chain_id}))
        shutil.copy(folder / "harbour.local.json", folder / f"{name}.local.json")
    play.request("anvil_setChainId", [1])
    play.reads("shared", "status of a live chain")
    play.refusals("alice", "unasked on a live chain")
    play.show("idea post on a live chain")
    play.show("idea post published on a live chain")
    play.request("anvil_setChainId", [11_155_111])
    play.refusals("alice", "unasked on a test chain")
    play.show("idea post on a test chain")
    play.sends("alice", "token delegate on a test chain", "token delegate back")
    play.request("anvil_setChainId", [31_337])
    play.refusals("alice", "another chain")


def _votes(play: Play) -> None:
    play.round_starts(2)
    play.send("idea post in round 2")
    play.refusals("alice", "idea edit frozen", "idea show unknown", "ballot cast nothing",
                  "ballot cast bad", "ballot cast both", "ballot cast twice named",
                  "ballot cast unknown idea", "ballot cast other round", "ballot relay nothing",
                  "ballot relay bad", "round settle early", "round settle early 1")  # fmt: skip
    play.reads("voting, before any", "status", "ballot show")
    for name, who, file in (("ballot sign", "dave", "ballot.json"), ("ballot sign alone", "erin", "second.json")):
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
    play.shows("campaign top-up")
    play.refusals("alice", "campaign deposit")
    play.sends("erin", "campaign top-up")
    play.refusals("erin", "campaign top-up unknown", "campaign top-up zero", "bounty show unknown",
                  "campaign top-up too much", "campaign deposit bad", "campaign close early",
                  "credit withdraw nothing", "credit deliver nothing", "work pay nothing", "work release nothing",
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
    play.reads("payable", "status", "due", "work show", "work list all")
    _another_arbitrator(play)
    play.send("settle", "bob")
    play.send("work pay", "dave")
    play.send("work release all", "erin")
    play.send("pay", "erin")
    play.tick(DAY)
    play.send("bounty reclaim", "erin")
    play.reads("paid", "points show", "points show bob", "points board", "board", "due")
    play.reads("paid", "bounties", "bounty show", "work list all", "campaign show", "status")


MEASURES = "(uint32,uint32,uint32,uint32,uint32,uint16,uint80)"
TERMS = f"({MEASURES},address,bool,bytes32,bytes)"


def _another_arbitrator(play: Play) -> None:
    """Governance names another arbitrator, which takes money, for campaigns funded from now on."""
    (file,) = (ROOT / "build/contracts").rglob("SimpleCentralizedArbitrator.json")
    court = play.deploy("Court", f"0x{json.loads(file.read_text())['bytecode']}")
    desk = play.stage.dmo.address("DisputeDesk")
    data = "0x" + (keccak(text="termsOf(uint16)")[:4] + (1).to_bytes(32, "big")).hex()
    answer = play.request("eth_call", [{"to": desk, "data": data}, "latest"])
    (terms,) = decode([TERMS], bytes.fromhex(answer[2:]))
    terms = (terms[0], court, False, *terms[3:])
    treasury = play.impersonate(play.stage.dmo.address("Treasury"))
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
    play.refusals("bob", "credit withdraw blocked", "credit deliver blocked")
    play.block("bob", False)
    play.reads("deliverable", "due", "status")
    play.send("credit deliver", "erin")
    play.block("carol", False)


CHAPTERS = (_before, _ideas, _other_chains, _votes, _bounties, _work, _credits, disputes, court, end, governance, rest)

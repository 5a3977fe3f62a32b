"""Bad inputs, each the same for a seed: what somebody may type, write into a file, or have in the environment.

A group makes inputs of one kind. Most begin with something good and spoil it in one place, so that they get far.
"""

from __future__ import annotations

import json
import random
import string
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
ANN, BEN = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8", "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC"
NO_NODE = "http://127.0.0.1:9"
Rng = random.Random


@dataclass(frozen=True)
class Input:
    """What is tried.

    Attributes:
        call: ``dmo`` for the command line, else a reader that tools/fuzz.py knows.
        words: What it is given.
        files: By name; None is a folder, a str beginning with ``>`` a link, ``|`` a pipe.
        room: Bytes that a file may grow to; a full disk.
    """

    call: str
    words: tuple[str, ...]
    files: Mapping[str, bytes | str | None] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    room: int | None = None


# ── what is odd ─────────────────────────────────────────────────────────────────────────────────

# fmt: off
# ruff: noqa: E501
ODD = (
    "", " ", "\t", "-", "--", ".", "..", "/", "~", "~nobody/x", "*", "%s", "{0}", "$HOME", "\\", "'", '"', "null", "true",
    "\u202e", "\u200b", "\x1b[31m", "\x00", "\x7f", "½", "٣", "\uff11\uff12", "²", "\ud83d", "\U0001f4b8", "a\nb", "a" * 300, "x/" * 2500,
    "0", "-1", "−1", "+1", "1e3", "1E+400", "1e-400", "nan", "inf", "-0", "1.5", "1.500", "1,5", "1,00", "250,000", "1_000",
    "0x", "0x10", "9" * 40, "9" * 101, "9" * 5000, "0" * 20 + "9" * 5000, "1" * 70000, "0." + "0" * 90 + "1", "1." * 2000,
    "1d", "7", "+7", "1x", "1d1", "9" * 30 + "d", "1d" * 3000, "0.5s", "4%", "101%", "0.001%", "4", "nan%", "9" * 90 + "%",
    "2026-13-01", "2026-02-30T25:00", "9999-12-31T23:59:59-23:59", "0001-01-01", "99999999999", "+" + "9" * 400 + "d", "round",
    ANN, ANN[:-1], ANN + "0", ANN.lower().replace("c", "C", 1), "0x" + "0" * 40, "0x" + "g" * 40, "vitalik.eth", "me", "treasury",
    "1/1", "0/1", "1/", "1/4294967296", "9" * 20 + "/1", "bafkrei" + "a" * 52, "0x" + "11" * 32, "/dev/null", "/dev/full", "/dev/zero",
)
URLS = (
    "http://[", "http://[::1", "http://x:abc", "http://127.0.0.1:99999", "http:///x", "https://", "ftp://x", "ws://x", "x:8545",
    "http://user:pa ss@127.0.0.1:9", "http://ü.invalid", "http://" + "a" * 300 + ".invalid", "http://127.0.0.1:9/\x01", "//x",
    "http://a\uff0eb", "http://½.invalid", "http://xn--/", "http://\u2100.x", "HTTP://127.0.0.1:9", " http://127.0.0.1:9", NO_NODE,
)
BYTES = (
    b"\0", b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\xfe\xff", b"\r", b"\n", b"\r\n", b'"', b"'", b",", b";", b"\t",
    b"{", b"}", b"[", b"]", b":", b"&a ", b"*a", b"!!x ", b"|", b">", b"#", b"---\n", b"...\n", b"\\u0000", b"\\ud800", b'"\\UFFFFFFFF"',
    b"NaN", b"Infinity", b"1e999", b"9" * 5000, b"-1", b"null", b"\xe2\x80\xae", b"\x1b[2J", b"[" * 3000, b"{" * 3000, b" " * 5000,
)
WHOLE = (
    b"", b"\n", b"\0" * 999, bytes(range(256)) * 4, b"\xef\xbb\xbf{}", "{}".encode("utf-16"), b"null", b"5", b'"x"', b"[]", b"{}", b"{}{}",
    b"NaN", b"[" * 100_000, b"[" * 900 + b"]" * 900, b'{"a":' * 20_000 + b"1" + b"}" * 20_000, b"1" * 10**6, b'{"a": "\\ud800"}',
    b"PK\x03\x04", b"%PDF-1.7", b"x" * 3_000_000, b"a = " + b"[" * 20_000, b"a." * 5000 + b"a = 1", b"---\n" * 50_000, b'"' + b"a\n" * 10**6,
)
VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 3.7, 1e308, 2**53, 2**256, 10**80, -(2**70), "", " ", "x", "0x", "\0", "\u202e", "\ud800", "½",
    [], [[]], {}, {"a": 1}, [None], [{}], ANN, ANN.lower(), "9" * 5000, "a" * 100_000, "../x", 10**4000, [0] * 3000,
)
# fmt: on


def spoilt(rng: Rng, raw: bytes) -> bytes:
    """Something good, changed in a few places."""
    if rng.random() < 0.08:
        return rng.choice(WHOLE)
    data = bytearray(raw)
    for _ in range(rng.choice((1, 1, 1, 2, 6))):
        at = rng.randrange(len(data) + 1)
        way = rng.randrange(7)
        if way == 0:
            data[at:at] = rng.choice(BYTES)
        elif way == 1:
            data[at : at + 1] = bytes([rng.randrange(256)])
        elif way == 2:
            del data[at : at + rng.choice((1, 3, 40))]
        elif way == 3:
            del data[at:]
        elif way == 4:
            data[at:at] = bytes(data[at : at + rng.choice((1, 9, 60))]) * rng.choice((1, 30))
        elif way == 5:
            lines = bytes(data).split(b"\n")
            rng.shuffle(lines)
            data = bytearray(b"\n".join(lines))
        else:
            data[at:at] = odd(rng).encode("utf-8", "surrogatepass")
    return bytes(data)


def odd(rng: Rng) -> str:
    """Something odd to type."""
    if rng.random() < 0.75:
        return rng.choice(ODD)
    letters = string.digits + ".,_-+eE%xdhmw: ٣½−\u202eTZ/#"
    return "".join(rng.choice(letters) for _ in range(rng.randrange(1, 14)))


def typed(rng: Rng) -> str:
    """The same, as an argument or in the environment can hold it."""
    text = odd(rng).replace("\0", "")
    return text.encode("utf-8", "replace").decode() if rng.random() < 0.9 else text.replace("\ud83d", "\udcff")


def spoilt_json(rng: Rng, good: Any) -> bytes:
    """JSON with another value, or none, somewhere; now and then not even JSON."""
    if rng.random() < 0.25:
        return spoilt(rng, json.dumps(good).encode())
    found = json.loads(json.dumps(good))
    places = list(_places(found))
    inner, key = rng.choice(places)
    way = rng.random()
    if way < 0.15:
        del inner[key]
        return json.dumps(found).encode()
    if way < 0.3:
        number = rng.choice(
            ("1e400", "-1e400", "Infinity", "NaN", "9" * 400, "9" * 5000, "-0", "1E5", "0.1", "01", "undefined")
        )
        inner[key] = "@@"
        return json.dumps(found).replace('"@@"', number).encode()
    value = rng.choice(VALUES)
    inner[key] = value if not isinstance(value, int) or abs(value) < 10**300 else "@@"
    return json.dumps(found).replace('"@@"', "1" + "0" * 4000).encode()


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    keys = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in list(keys):
        yield value, key
        yield from _places(value[key])


# ── groups ──────────────────────────────────────────────────────────────────────────────────────


def _contracts() -> dict[str, Any]:
    names = (
        "AccessManager",
        "HolderToken",
        "TimelockController",
        "HolderGovernor",
        "CampaignEscrow",
        "Jury",
        "IdeaBoard",
        "Lens",
    )
    source = {"language": "Solidity", "sources": {"a.sol": {"content": "x"}}, "settings": {"optimizer": {"runs": 200}}}
    made = {"tx": "0x" + "11" * 32, "args": [], "block": 5, "input_json": None}
    every = {name: {"address": f"0x{place:040d}", **made} for place, name in enumerate(names, 1)}
    choice = {"outputSelection": {"a.sol": {"IdeaBoard": ["abi"]}}, "evmVersion": "cancun", **source["settings"]}  # type: ignore[dict-item]
    every["IdeaBoard"]["input_json"] = {**source, "settings": choice}
    return every


BOOK = {"schema": "dmo.deployment/1", "chain_id": 31337, "commit": "0" * 40, "contracts": _contracts()}
BOOKS = {"books/t.json": json.dumps(BOOK).encode()}
AWAY = {"DMO_DEPLOYMENTS": "books", "DMO_RPC": NO_NODE}
KEYSTORE = {
    "address": ANN[2:].lower(),
    "crypto": {
        "cipher": "aes-128-ctr",
        "cipherparams": {"iv": "11" * 16},
        "ciphertext": "22" * 32,
        "kdf": "pbkdf2",
        "kdfparams": {"c": 2, "dklen": 32, "prf": "hmac-sha256", "salt": "33" * 16},
        "mac": "44" * 32,
    },
    "id": "00000000-0000-4000-8000-000000000000",
    "version": 3,
}
SCRYPT = {"dklen": 32, "n": 2, "p": 1, "r": 8, "salt": "33" * 16}
BALLOT = {
    "voter": ANN,
    "round": 1,
    "at": 1_700_000_000,
    "in_favour": [1],
    "against": [2],
    "signature": "0x" + "ab" * 65,
}
BALLOT |= {"chain_id": 31337, "board": BEN}
SECRET = {"chain_id": 31337, "jury": ANN, "dispute": 1, "juror": BEN, "ruling": 1, "salt": "0x" + "11" * 32}
STEP = {
    "nonce": 0,
    "address": ANN,
    "digest": "0" * 64,
    "state": "done",
    "tx": "0x" + "11" * 32,
    "block": 2,
    "gas_used": 5,
}
JOURNAL = {
    **{"schema": "dmo.journal/1", "chain_id": 31337, "genesis": "0x" + "11" * 32, "deployer": ANN, "first_nonce": 0},
    **{
        "fingerprint": "0" * 64,
        "start_block": 1,
        "supply": "5",
        "origin": None,
        "finished": False,
        "steps": {"a": STEP},
    },
}
HOLDERS = "address,tokens\n" + "".join(f"0x{place:040x},{place * 100}\n" for place in range(1, 13))
VOTES = "proposal,opened_at,voter,choice\n" + "".join(
    f"{number},2023-11-{10 + number}T09:15:23Z,0x{place:040x},{('yes', 'no', 'veto', 'abstain')[(number + place) % 4]}\n"
    for number in range(1, 6)
    for place in range(1, 8)
)
REPORT = "address,choice,voting_power,timestamp,author_ipfs_hash,reason\n" + "".join(
    f'0x{place:040x},{1 + place % 3},{place}.5,{1_700_000_000 + place},bafk{place},"\'why, ""so"""\n'
    for place in range(1, 8)
)
DOCUMENTS = [path for path in sorted((ROOT / "examples").rglob("*.md")) if path.read_bytes().startswith(b"---")]
CONFIG = (ROOT / "config" / "local.toml").read_bytes()
CONFIG_HOLDERS = (ROOT / "config" / "local-holders.csv").read_bytes()


def _table(rng: Rng, text: str) -> bytes:
    """A table with an odd cell, or spoilt."""
    if rng.random() < 0.4:
        return spoilt(rng, text.encode())
    lines = text.splitlines()
    place = rng.randrange(len(lines))
    cells = lines[place].split(",")
    cells[rng.randrange(len(cells))] = odd(rng)
    lines[place] = ",".join(cells)
    text = "\n".join(lines) + "\n"
    return rng.choice((text, text.replace(",", ";"), text.replace("\n", "\r\n"))).encode("utf-8", "surrogatepass")


def tables(rng: Rng) -> Input:
    """Holders, votes and reports of a replay, and its options."""
    files = {"h.csv": HOLDERS.encode(), "v.csv": VOTES.encode(), "v/snapshot-votes-report-a.csv": REPORT.encode()}
    votes = rng.choice(("v.csv", "v"))
    words = {"--holders": "h.csv", "--votes": votes, "--out": "o.json", "--page": "o.html"}
    way = rng.random()
    if way < 0.4:
        files["h.csv"] = _table(rng, HOLDERS)
    elif way < 0.8:
        name, text = ("v.csv", VOTES) if votes == "v.csv" else ("v/snapshot-votes-report-a.csv", REPORT)
        files[name] = _table(rng, text)
    else:
        words[rng.choice(("--ask", "--budget", "--round-days", "--threshold-bps", "--title", *words))] = typed(rng)
    return Input("dmo", ("replay", *(f"{key}={value}" for key, value in words.items())), files)


def configs(rng: Rng) -> Input:
    """A deployment's config and its holders."""
    files = {"c.toml": CONFIG, "local-holders.csv": CONFIG_HOLDERS}
    way = rng.random()
    if way < 0.25:
        files["local-holders.csv"] = _table(rng, CONFIG_HOLDERS.decode())
    elif way < 0.55:
        files["c.toml"] = spoilt(rng, CONFIG)
    else:
        lines = CONFIG.decode().splitlines()
        place = rng.choice([place for place, line in enumerate(lines) if "=" in line and not line.startswith("#")])
        raw = (
            "nan",
            "-1",
            "0",
            "1.5",
            "true",
            "[]",
            "{}",
            "[[]]",
            "2026-01-01",
            "9" * 5000,
            "'x'",
            "{a = 1}",
            "[1, 'a']",
        )
        value = json.dumps(odd(rng)) if rng.random() < 0.6 else rng.choice(raw)
        lines[place] = f"{lines[place].partition('=')[0]}= {value}"
        files["c.toml"] = "\n".join(lines).encode("utf-8", "surrogatepass")
    return Input("config", ("c.toml",), files)


def books(rng: Rng) -> Input:
    """Address books, and what a chain of this machine tells of itself."""
    local = {"rpc": NO_NODE, "keystores": "k", "password_file": "p"}
    if rng.random() < 0.3:
        local["rpc"] = rng.choice(URLS) if rng.random() < 0.5 else NO_NODE
        files: dict[str, bytes] = {**BOOKS, "books/t.local.json": spoilt_json(rng, local)}
        return Input("dmo", ("status", ANN), files, {"DMO_DEPLOYMENTS": "books"})
    files = {"books/t.json": spoilt_json(rng, BOOK)}
    words = rng.choice((("verify", "--out", "o"), ("status", ANN), ("campaign", "show", "1"), ("delegate", "me")))
    return Input("dmo", words, files, AWAY)


def keystores(rng: Rng) -> Input:
    """Keystores of all kinds, and keys."""
    good = json.loads(json.dumps(KEYSTORE))
    if rng.random() < 0.5:
        good["crypto"] |= {"kdf": "scrypt", "kdfparams": dict(SCRYPT)}
    if rng.random() < 0.4:
        params = good["crypto"]["kdfparams"]
        params[rng.choice(list(params))] = rng.choice(
            (0, -1, 1, 3, 2**20, 2**26, 2**31, 2**63, 10**9, 1.5, "2", 2**40, None)
        )
        raw = json.dumps(good).encode()
    else:
        good["version"] = rng.choice((3, 3, 3, 1, 2, "3", None))
        raw = spoilt_json(rng, good)
    other = json.dumps(KEYSTORE).encode()
    environment = {"DMO_KEYSTORE_DIR": "ks", "DMO_PASSWORD": "pw"}
    way = rng.randrange(5)
    if way == 0:
        return Input("dmo", ("account", "import", "n", "--keystore", "k.json"), {"k.json": raw}, environment)
    if way == 1:
        key = {"DMO_PRIVATE_KEY": rng.choice(("0x" + "00" * 32, "ff" * 32, "11" * 33, typed(rng)))}
        return Input("dmo", ("account", "import", "n"), {}, environment | key)
    if way == 2:
        files = {**BOOKS, "ks/a.json": raw}
        return Input("dmo", ("delegate", "me", "--account", "a"), files, {**AWAY, **environment})
    return Input("dmo", ("account", "list"), {"ks/a.json": raw, "ks/b.json": other}, environment)


def documents(rng: Rng) -> Input:
    """Documents of every kind."""
    raw = rng.choice(DOCUMENTS).read_bytes()
    if rng.random() < 0.5:
        lines = raw.decode().split("\n")
        at = lines.index("---", 1)
        place = rng.randrange(1, at) if rng.random() < 0.7 else at
        name = lines[place].partition(":")[0] if place < at else "x"
        value = rng.choice(
            ("[]", "{}", "[[a]]", "!!binary aGk=", "&a x", "*a", '"\\UFFFFFFFF"', '"\\ud83d"', "[" * 300, "|", odd(rng))
        )
        lines[place : place + (place < at)] = [f"{name}: {value}"]
        raw = "\n".join(lines).encode("utf-8", "surrogatepass")
    else:
        raw = spoilt(rng, raw)
    kind = rng.choice(("verify", "publish"))
    words = ("document", kind, "d.md", *(("--format", "json") if rng.random() < 0.3 else ()))
    return Input("dmo", words, {**BOOKS, "d.md": raw}, {**AWAY, "DMO_STORE": "st", "DMO_ACCOUNT": ANN})


def ballots(rng: Rng) -> Input:
    """Ballot files: one ballot, or one a line, some of them good."""
    rows = [spoilt_json(rng, BALLOT)]
    if rng.random() < 0.3:
        rows = [json.dumps(BALLOT).encode(), *rows, json.dumps(BALLOT).encode()]
    return Input("ballots", ("b.json",), {"b.json": b"\n".join(rows)})


def states(rng: Rng) -> Input:
    """Journals of deployments, salts of jurors."""
    name, good = rng.choice((("journal", JOURNAL), ("salt", SECRET)))
    return Input(name, ("s.json",), {"s.json": spoilt_json(rng, good)})


_LINES = (
    ("status",),
    ("due",),
    ("round", "show"),
    ("account", "list"),
    ("campaign", "show", "1"),
    ("idea", "show", "1/1"),
    ("vote", "1", "+1"),
    ("work", "pay", "1"),
    ("delegate", "me"),
    ("bounty", "post", "1", "d.md", "--reward", "10", "--until", "+7d"),
    ("acts",),
    ("idea", "post", "d.md", "--ask", "10", "--duration", "21d", "--fee", "10%"),
    ("document", "get", "0x" + "11" * 32),
    ("govern", "list"),
    ("idea", "new", "n.md"),
    ("work", "new", "n.md", "--kind", "evidence"),
    ("document", "verify", "d.md"),
    ("time", "+2d"),
    ("ballot", "sign", "1", "+1", "--out", "b.json"),
    ("dispute", "commit", "1", "pay"),
    ("token", "show"),
    ("report", "--out", "r.html"),
)


def lines(rng: Rng) -> Input:
    """Command lines with odd words."""
    words = list(rng.choice(_LINES))
    for _ in range(rng.choice((1, 1, 2))):
        place = rng.randrange(len(words) + 1)
        if rng.random() < 0.6 and place < len(words):
            words[place] = typed(rng)
        else:
            option = rng.choice(
                ("--account", "--rpc", "--network", "--deployment", "--format", "--out", "--lang", "--calldata", "--zz")
            )
            words[place:place] = [option, typed(rng)] if option != "--calldata" else [option]
    files = {**BOOKS, "d.md": DOCUMENTS[0].read_bytes()}
    return Input("dmo", tuple(words), files, {**AWAY, "DMO_KEYSTORE_DIR": "ks", "DMO_PASSWORD": "pw"})


def fields(rng: Rng) -> Input:
    """Odd words for the fields of every act and query, as far as they are read without a chain."""
    return Input("field", (str(rng.randrange(10**9)), typed(rng)))


_SETTINGS = (
    "DMO_DEPLOYMENT",
    "DMO_DEPLOYMENTS",
    "DMO_RPC",
    "DMO_RPC_URL",
    "DMO_RPC_SEPOLIA",
    "DMO_ACCOUNT",
    "DMO_KEYSTORE_DIR",
    "DMO_HOME",
    "DMO_CACHE",
    "DMO_PASSWORD_FILE",
    "DMO_PORT",
    "DMO_STORE",
    "DMO_GATEWAYS",
    "DMO_YES",
    "NO_COLOR",
    "COLUMNS",
    "HOME",
    "TERM",
    *("LANG", "LC_ALL", "PYTHONIOENCODING", "XDG_CACHE_HOME", "HTTP_PROXY", "TZ"),
)


def settings(rng: Rng) -> Input:
    """The environment."""
    name = rng.choice(_SETTINGS)
    value = rng.choice(URLS) if "RPC" in name and rng.random() < 0.6 else typed(rng)
    words = rng.choice(
        (
            ("status", ANN),
            ("account", "list"),
            ("document", "publish", "d.md"),
            ("account", "new", "n"),
            ("status", "--network", "sepolia"),
        )
    )
    if name == "DMO_STORE" and value.strip() in ("/", "..", "~"):
        value = "st"  # it would be written to
    files = {**BOOKS, "d.md": DOCUMENTS[0].read_bytes(), "pipe": "|"}
    value = "pipe" if name == "DMO_PASSWORD_FILE" and rng.random() < 0.2 else value
    given = {**AWAY, "DMO_PASSWORD": "pw", "DMO_HOME": "home", name: value.replace("\0", "").replace("\ud800", "")}
    if name == "DMO_PASSWORD_FILE":
        del given["DMO_PASSWORD"]
    if name in ("HOME", "XDG_CACHE_HOME"):
        del given["DMO_HOME"]
    return Input("dmo", words, files, given)


def places(rng: Rng) -> Input:
    """Files that are read and written where they cannot be: pipes, links, devices, folders, full disks."""
    there: dict[str, bytes | str | None] = {
        **BOOKS,
        "mine": b"mine",
        "folder": None,
        "pipe": "|",
        "link": ">mine",
        "gone": ">nowhere",
    }
    there |= {"loop": ">loop", "d.md": DOCUMENTS[0].read_bytes(), "h.csv": HOLDERS.encode(), "v.csv": VOTES.encode()}
    at = rng.choice(
        (
            "mine",
            "folder",
            "pipe",
            "link",
            "gone",
            "loop",
            "/dev/full",
            "/dev/null",
            "no/x",
            "mine/x",
            "x" * 300,
            "x/" * 2500,
            "",
        )
    )
    out = rng.choice((at, "fresh", typed(rng)))
    room = rng.choice((None, None, 0, 64))
    replayed = ("replay", "--holders", "h.csv", "--votes", "v.csv")
    words = rng.choice(
        (
            *(
                ("idea", "new", out),
                ("work", "new", out),
                ("account", "new", out.replace("/", "")),
                (*replayed, "--out", out),
            ),
            *(
                (*replayed, "--page", out),
                ("verify", "--out", out),
                ("document", "verify", at),
                ("document", "publish", at),
            ),
            *(("replay", "--holders", at, "--votes", "v.csv"), ("replay", "--holders", "h.csv", "--votes", at)),
            *(("account", "import", "n", "--keystore", at), ("status", "--deployment", at), ("ballot", "relay", at)),
        )
    )
    environment = {
        **AWAY,
        "DMO_KEYSTORE_DIR": rng.choice(("ks", at or "ks")),
        "DMO_PASSWORD": "pw",
        "DMO_STORE": rng.choice(("st", at or "st")),
    }
    return Input("dmo", words, there, environment, room)


GROUPS: dict[str, Callable[[Rng], Input]] = {
    one.__name__: one
    for one in (tables, configs, books, keystores, documents, ballots, states, lines, fields, settings, places)
}

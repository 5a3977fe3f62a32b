"""Bad inputs, each the same for a seed: what somebody may type, write into a file, or have in the environment.

A group makes inputs of one kind. Most begin with something good and spoil it in one place, so that they get far.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tools.good_inputs import (
    AWAY,
    BALLOT,
    BOOK,
    BOOKS,
    CONFIG,
    CONFIG_HOLDERS,
    DOCUMENTS,
    HOLDERS,
    JOURNAL,
    KEYSTORE,
    REPORT,
    SCRYPT,
    SECRET,
    VOTES,
)
from tools.spoiling import ANN, NO_NODE, URLS, Rng, odd, spoilt, spoilt_json, typed


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
            *(
                ("govern", "propose", at, "guard halt", "--account", ANN),
                ("ballot", "attach", at, at),
                ("ballot", "attach", "d.md", at),
            ),
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

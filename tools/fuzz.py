#!/usr/bin/env python3
"""Try bad inputs by seed, and say which are not refused as they should be; build/fuzz.json.

    .venv/bin/python tools/fuzz.py [--count 10000] [--seed 1] [--jobs 2] [--only tables:123]

The package is imported once; every input of tools/bad_inputs.py runs in a fork, in an empty folder, with an environment
of its own and no node that answers. An input is at fault where it ends in a traceback, takes over 10 s or 1 GB, leaves
half a file or changes one, is refused without a word, or ends with a code that docs/cli.md does not list.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import importlib
import multiprocessing
import os
import pkgutil
import random
import re
import resource
import shutil
import signal
import stat
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from itertools import cycle, islice
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tools.bad_inputs import GROUPS, Input  # noqa: E402
from tools.good_inputs import AWAY, BOOKS, DOCUMENTS  # noqa: E402
from tools.spoiling import ANN, BEN  # noqa: E402

OUT = ROOT / "build" / "fuzz.json"
MOST_SECONDS, MOST_BYTES = 10, 2**30
DONE, KNOWN = (0, 10), (0, 1, 2, 3, 10, 130)
CRASHES = ("Traceback (most recent call last)", "This should not have happened", "MemoryError")
CRASHED = 99


class Fault(NamedTuple):
    """An input that was not refused as it should be."""

    name: str
    why: str
    said: str


# ── in the fork ─────────────────────────────────────────────────────────────────────────────────


class _Reader:
    """Enough to read fields with, and no chain."""

    now = 1_800_000_000

    def account(self, text: str) -> str:
        from dmo.home.context import LocalFacts
        from dmo.home.names import Names

        return Names(ANN, LocalFacts(), {}).address(text)

    def unit(self, token: str) -> tuple[int, str]:
        return 6, "PLAY"

    def __getattr__(self, name: str) -> Any:
        from dmo.core import words

        raise words.network("no_node")


def _field(place: str, text: str) -> None:
    from dmo.capabilities import registry

    every = [(asked, key) for _, asked in sorted(registry().items()) for key in asked.parameters()]
    asked, key = every[int(place) % len(every)]
    kind = asked.kind(key)
    kind.read(_Reader(), text.split() if kind.is_many else text)


def _config(file: str) -> None:
    from dmo.deploy.config import NewToken, load_config
    from dmo.deploy.facts import read_holdings

    config = load_config(Path(file))
    if isinstance(config.token, NewToken):
        read_holdings(config.token, Path(file).parent, 18)


def _ballots(file: str) -> None:
    from dmo.home.ballots import read_ballots

    _, faults = read_ballots([file], 31337, BEN)
    for fault in faults:
        raise fault


def _journal(file: str) -> None:
    from dmo.deploy.journal import Journal

    Journal.load(Path(file))


def _salt(file: str) -> None:
    from dmo.home.salts import read_secret

    print(read_secret(Path(file)).committed.hex())


READERS: dict[str, Callable[..., None]] = {
    **{"field": _field, "config": _config, "ballots": _ballots, "journal": _journal, "salt": _salt}
}


def _dmo(words: list[str]) -> int:
    from dmo.faces.cli import main

    return main(words)


def _readied() -> None:
    """Import all, and make what is slow by intention quick."""
    import eth_account  # noqa: F401

    import dmo
    from dmo.capabilities import registry
    from dmo.home.keystores import Keystores
    from dmo.replay import engine

    for found in pkgutil.walk_packages(dmo.__path__, "dmo."):
        if "__main__" not in found.name:
            importlib.import_module(found.name)
    registry()
    _warm()
    gc.collect()
    gc.freeze()  # forks share what is never touched
    put: Any = Keystores.put
    Keystores.put = lambda self, name, key, password, iterations=None: put(self, name, key, password, 2)  # type: ignore[method-assign]

    def play(*_: object) -> NoReturn:
        raise SystemExit(0)  # what comes after reading is tried elsewhere

    engine.play = play


def _warm() -> None:
    """Run what is imported and computed once, so that no fork has to."""
    here, known = Path.cwd(), dict(os.environ)
    with tempfile.TemporaryDirectory() as folder, Path(os.devnull).open("w") as nowhere:
        document = Input("dmo", ("document", "publish", "d.md"), {"d.md": DOCUMENTS[0].read_bytes(), **BOOKS})
        _lay(document, Path(folder))
        os.chdir(folder)
        os.environ.update({**AWAY, "DMO_HOME": "home", "DMO_ACCOUNT": ANN})
        try:
            with contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(nowhere):
                for words in (("status",), ("account", "list"), document.words, ("vote", "--help")):
                    _dmo(list(words))
        finally:
            os.chdir(here)
            os.environ.clear()
            os.environ.update(known)


def _run(one: Input) -> int:
    from dmo.core.errors import DmoError
    from dmo.faces import terminal

    if one.call == "dmo":
        return _dmo(list(one.words))
    try:
        READERS[one.call](*one.words)
    except DmoError as error:
        return terminal.report(error, as_json=False)
    return 0


def _child(one: Input, folder: Path) -> NoReturn:
    code = CRASHED
    try:
        os.chdir(folder / "work")
        for number, name in ((0, os.devnull), (1, folder / "said"), (2, folder / "said")):
            os.dup2(os.open(name, os.O_RDWR | os.O_CREAT | os.O_APPEND), number)
        os.environ.clear()
        os.environ.update({"HOME": str(folder / "home"), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", **one.environment})
        sys.stdout, sys.stderr, sys.stdin = (
            open(1, "w", encoding="utf-8", errors="strict", closefd=False),  # noqa: SIM115
            open(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False),  # noqa: SIM115
            open(0, closefd=False),  # noqa: SIM115
        )
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS + 1, MOST_SECONDS + 2))
        resource.setrlimit(resource.RLIMIT_AS, (4 * MOST_BYTES, 4 * MOST_BYTES))
        if one.room is not None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            limit = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
            room = max(one.room, 4096 if one.words[0] == "replay" else 0)
            resource.setrlimit(resource.RLIMIT_FSIZE, (room, limit))
        try:
            code = _run(one)
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else 1
        except BaseException:  # noqa: BLE001 - whatever it is, it is a fault
            resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
            traceback.print_exc()
        finally:
            with contextlib.suppress(ValueError):
                resource.setrlimit(resource.RLIMIT_FSIZE, (resource.getrlimit(resource.RLIMIT_FSIZE)[1],) * 2)
        sys.stdout.flush()
        sys.stderr.flush()
    except BaseException:  # noqa: BLE001
        traceback.print_exc()
        code = CRASHED
    finally:
        os._exit(code & 0xFF)


# ── around it ───────────────────────────────────────────────────────────────────────────────────


def _written(work: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(work)): path.read_bytes()
        for path in work.rglob("*")
        if not path.is_symlink() and stat.S_ISREG(path.stat().st_mode)
    }


def _lay(one: Input, work: Path) -> None:
    for name, content in one.files.items():
        at = work / name
        at.parent.mkdir(parents=True, exist_ok=True)
        if content is None:
            at.mkdir()
        elif isinstance(content, bytes):
            at.write_bytes(content)
        elif content == "|":
            os.mkfifo(at)
        else:
            at.symlink_to(content[1:])


def try_out(one: Input) -> tuple[int | None, str, str]:
    """Exit code (None where it had to be ended), what is at fault, and what was said."""
    folder = Path(tempfile.mkdtemp(prefix="dmo-fuzz-"))
    try:
        for name in ("work", "home"):
            (folder / name).mkdir()
        _lay(one, folder / "work")
        before = _written(folder / "work")
        pid = os.fork()
        if pid == 0:
            _child(one, folder)
        code, usage = _ended(pid)
        said = (folder / "said").read_text("utf-8", "replace") if (folder / "said").exists() else ""
        seconds = usage.ru_utime + usage.ru_stime
        after = _written(folder / "work")
        return code, " ".join(_faults(code, said, seconds, usage.ru_maxrss * 1024, before, after)), said
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _ended(pid: int) -> tuple[int | None, Any]:
    until = time.monotonic() + 30 * MOST_SECONDS  # others may use the processor
    while True:
        found, status, usage = os.wait4(pid, os.WNOHANG)
        if found:
            return os.waitstatus_to_exitcode(status), usage
        if time.monotonic() > until:
            os.kill(pid, signal.SIGKILL)
            return None, os.wait4(pid, 0)[2]
        time.sleep(0.002)


def _faults(
    code: int | None, said: str, seconds: float, most: int, before: dict[str, bytes], after: dict[str, bytes]
) -> list[str]:
    found = []
    is_done = code in DONE
    if code == CRASHED or any(sign in said for sign in CRASHES):
        found.append("traceback")
    if code is None or seconds > MOST_SECONDS:
        found.append("time")
    if most > MOST_BYTES:
        found.append("memory")
    fresh = [name for name in after if name not in before and not name.startswith(("cache/", "home/cache/"))]
    changed = [name for name, raw in before.items() if after.get(name) != raw]
    if (
        changed
        or any(Path(name).name.startswith(".") for name in fresh)
        or (fresh and not is_done and _half(fresh, after))
    ):
        found.append(f"file ({', '.join([*changed, *fresh])[:80]})")
    if code is not None and code not in KNOWN and code != CRASHED:
        found.append(f"code {code}")
    if code in KNOWN and not is_done and not re.search(r"\w", said):
        found.append("silence")
    return found


def _half(fresh: list[str], after: dict[str, bytes]) -> bool:
    """Whether a refused command left a file that is not whole: a document in the store is named by its bytes."""
    from dmo.core.digests import cid, digest

    return any(Path(name).stem != cid(digest(after[name])) for name in fresh)


def inputs(count: int, seed: int) -> list[tuple[str, Input]]:
    """So many inputs, from all groups in turn."""
    names = list(islice(cycle(GROUPS), count))
    return [(f"{name}:{place}", made(name, place, seed)) for place, name in enumerate(names)]


def made(group: str, place: int, seed: int) -> Input:
    """One of them."""
    return GROUPS[group](random.Random(f"{seed}:{group}:{place}"))  # noqa: S311 - a seed is the point


def _tried(pair: tuple[str, Input]) -> tuple[str, str, str, str]:
    """Name, how it ended, what is at fault, what was said."""
    name, one = pair
    try:
        code, why, said = try_out(one)
    except (ValueError, OSError):  # no command line or disk can hold it
        code, why, said = None, "", ""
    return name, "at fault" if why else "taken" if code in DONE else "refused", why, said[-2000:]


def run(every: list[tuple[str, Input]], jobs: int) -> tuple[Counter[str], list[Fault]]:
    """Try them out side by side: how they ended by group, and what is at fault."""
    ends, faults = Counter[str](), list[Fault]()
    with multiprocessing.get_context("fork").Pool(jobs) as pool:
        for name, end, why, said in pool.imap_unordered(_tried, every, chunksize=8):
            ends[f"{name.partition(':')[0]} {end}"] += 1
            if why:
                faults.append(Fault(name, why, said))
                print(f"{name}: {why}\n  {' | '.join(said.splitlines()[-3:]):.300}", flush=True)
    return ends, sorted(faults)


def main() -> int:
    """Try, and write down what came out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--only", help="one input, to see all that it says")
    parser.add_argument("--out", type=Path, default=OUT)
    given = parser.parse_args()
    _readied()
    if given.only:
        group, _, place = given.only.partition(":")
        one = made(group, int(place), given.seed)
        code, why, said = try_out(one)
        print(f"{one}\n{said}\nexit code {code}, at fault: {why or 'nothing'}")
        return int(bool(why))
    from dmo.core.files import write_json
    from tools.outputs import Fuzz

    start = time.monotonic()
    ends, faults = run(inputs(given.count, given.seed), given.jobs)
    told = {"seed": given.seed, "inputs": given.count, "faults": [one._asdict() for one in faults]}
    groups = {group: {end: ends[f"{group} {end}"] for end in ("taken", "refused", "at fault")} for group in GROUPS}
    write_json(given.out, Fuzz.model_validate({**told, "groups": groups}))
    took = time.monotonic() - start
    print(f"{given.count} bad inputs in {took:.0f} s, {len(faults)} not refused as they should be: {given.out}")
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())

"""Mutate the contracts, run the tests on each mutant, and tell what nobody noticed.

    tools/mutate.py [--contract NAME]… [--count 40] [--seed 1] [--workers N] [--fresh]

Per contract COUNT mutants are drawn that compile and differ in code; each is tried in a copy of the
tree (build/mutants/tree-N) on the tests of the contract's room. Every result is kept in
build/mutants/<id>.json as it comes, so that a run that was cut short goes on where it was; an id
names the sources, so that changed contracts are tried anew, and survivors are tried again where
tests have changed. Summed up in build/mutants.json and docs/mutants.md. Ends with 1 when a survivor
has no reason in tools/survivors.toml, or too few were killed.
"""

from __future__ import annotations

import argparse
import json
import os
import queue
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from dmo.core.files import write_json
from tools.mutation.compiling import Code, Compiler, Tree
from tools.mutation.drawing import TARGETS, Mutant, Target, candidates, digest, drawn
from tools.mutation.telling import EQUIVALENT, INVALID, KILLED, SURVIVED, page, problems, reasons, summary

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "build" / "mutants"
PAGE = ROOT / "docs" / "mutants.md"
REASONS = ROOT / "tools" / "survivors.toml"
COPIED = ("brownie-config.yaml", "config", "contracts", "deployments", "dmo", "examples", "interfaces")
COPIED += ("package.json", "pyproject.toml", "scripts", "tests", "tools")
LINKED = (".venv", "node_modules")
COUNT, SEED = 40, 1
PATIENCE = 5.0  # a mutant may take so many times what the tests take, for a machine that has grown busy
BROKEN = "broken"

Result = dict[str, Any]


class Arena:
    """A copy of the tree with a process that tries code in it (tools/mutation/arena.py)."""

    def __init__(self, number: int) -> None:
        self.root = OUT / f"tree-{number}"
        self._copy()
        environment = {**os.environ, "PYTHONPATH": str(self.root)}
        self._process = subprocess.Popen(
            [str(self.root / ".venv/bin/python"), "-P", str(self.root / "tools/mutation/arena.py")],
            cwd=self.root,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=(OUT / f"tree-{number}.log").open("w"),
            text=True,
            start_new_session=True,
        )

    def _copy(self) -> None:
        """Take the tree as it is; what was compiled in the copy before stays."""
        self.root.mkdir(parents=True, exist_ok=True)
        for name in COPIED:
            source, target = ROOT / name, self.root / name
            if source.is_dir():
                shutil.rmtree(target, ignore_errors=True)
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy2(source, target)
        compiled = self.root / "build" / "contracts"
        if not compiled.exists() and (ROOT / "build" / "contracts").is_dir():
            shutil.copytree(ROOT / "build" / "contracts", compiled)  # Brownie sees what of it is right
        for name in LINKED:
            if not (self.root / name).is_symlink():
                (self.root / name).symlink_to(ROOT / name)

    def _answer(self) -> Result:
        assert self._process.stdout is not None  # noqa: S101
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"mutate: a worker died; see {self.root}.log")
        answer: Result = json.loads(line)
        return answer

    def await_ready(self) -> None:
        """Wait until the project is compiled and loaded."""
        self._answer()

    def fight(self, code: Code, tests: Sequence[str], seconds: float) -> Result:
        """Run tests on code until the first fails."""
        assert self._process.stdin is not None  # noqa: S101
        self._process.stdin.write(json.dumps({"code": code, "tests": tests, "seconds": seconds}) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def close(self) -> None:
        """End the process."""
        self._process.terminate()
        self._process.wait()


class Room:
    """The tests of a room, and which of them to run first.

    Attributes:
        digest: Names the tests' text.
        seconds: What each module took without a mutant.
    """

    def __init__(self, target: Target) -> None:
        folder = ROOT / "tests" / "contracts" / target.room
        self.modules = [file.relative_to(ROOT).as_posix() for file in sorted(folder.glob("test_*.py"))]
        self.modules += target.machines
        support = [*folder.glob("*.py"), *(ROOT / "tests" / "support").rglob("*.py"), ROOT / "tests" / "conftest.py"]
        files = sorted({*support, *(ROOT / name for name in target.machines)})
        self.digest = digest(*(file.read_text("utf-8") for file in files))
        self.seconds: dict[str, float] = {}

    def order(self, kills: Counter[str]) -> list[str]:
        """All modules: what killed such mutants before, and what is cheap, first."""
        return sorted(self.modules, key=lambda one: (-(kills[one] + 0.2) / (self.seconds.get(one, 1.0) + 1.0), one))

    @property
    def limit(self) -> float:
        """Seconds a mutant's tests may take."""
        return 60.0 + PATIENCE * sum(self.seconds.values())


def is_settled(result: Result, room: Room) -> bool:
    """Whether the tests as they are have nothing more to say of a mutant."""
    return result["state"] == KILLED or (result["state"] == SURVIVED and result.get("tests") == room.digest)


class Run:
    """One run over some targets."""

    def __init__(self, tree: Tree, workers: int, count: int, seed: int) -> None:
        self.tree, self.count, self.seed = tree, count, seed
        self.compilers = [Compiler(ROOT) for _ in range(workers)]
        self._free: queue.Queue[Compiler] = queue.Queue()
        for one in self.compilers:
            self._free.put(one)
        self._bases: dict[str, Code] = {}
        self._kills: dict[str, Counter[str]] = {}
        self._lock = threading.Lock()

    # ── drawing ─────────────────────────────────────────────────────────────────────────────────

    def name(self, mutant: Mutant) -> str:
        """The mutant's id: of its sources, all of them."""
        mine = sorted({path for at in self.tree.affected(mutant.file).values() for path in self.tree.made_of(at)})
        others = [self.tree.sources[path] for path in mine if path != mutant.file and "/mocks/" not in path]
        return digest(mutant.file, mutant.mutated, *others)

    def code(self, mutant: Mutant) -> Code | None:
        """The contracts that the mutant changes, compiled; None where it does not compile."""
        compiler = self._free.get()
        try:
            if mutant.file not in self._bases:
                base = compiler.compile(self.tree.question(mutant.file, mutant.text))
                if base is None:
                    raise SystemExit(f"mutate: {mutant.file} does not compile as it is")
                self._bases[mutant.file] = base
            made = compiler.compile(self.tree.question(mutant.file, mutant.mutated))
        finally:
            self._free.put(compiler)
        base = self._bases[mutant.file]
        return None if made is None else {name: code for name, code in made.items() if code != base[name]}

    def judged(self, mutant: Mutant) -> Result:
        """What is known of a mutant; if nothing is, whether it is one at all."""
        file = OUT / f"{self.name(mutant)}.json"
        if file.is_file():
            known: Result = json.loads(file.read_text("utf-8"))
            return {**known, "line": mutant.line}
        code = self.code(mutant)
        state = INVALID if code is None else "drawn" if code else EQUIVALENT
        before, after = mutant.lines
        result = {"file": mutant.file, "line": mutant.line, "operator": mutant.change.operator, "state": state}
        result |= {"contract": mutant.target, "original": before, "mutated": after}
        write_json(file, result)
        return result

    def draw(self, target: Target, pool: ThreadPoolExecutor) -> tuple[int, list[tuple[Mutant, Result]]]:
        """How many mutants there are, and the ones drawn: so many valid ones as are wanted."""
        everything = candidates(target, self.tree)
        order, taken = drawn(everything, self.seed), []
        missing = self.count
        while missing and (wave := [one for _, one in zip(range(missing), order, strict=False)]):
            taken += zip(wave, pool.map(self.judged, wave), strict=True)
            missing = self.count - sum(one["state"] not in (INVALID, EQUIVALENT) for _, one in taken)
        return len(everything), taken

    # ── trying ──────────────────────────────────────────────────────────────────────────────────

    def baseline(self, room: Room, arena: Arena) -> None:
        """Time the tests on the contracts as they are; they have to pass."""
        file = OUT / f"room-{digest(room.digest, *self.tree.sources.values())}.json"
        if not file.is_file():
            answer = arena.fight({}, room.modules, 3600.0)
            if answer["ending"] != SURVIVED:
                raise SystemExit(f"mutate: without a mutant {answer['by'] or 'the tests'} fails: {answer['why']}")
            write_json(file, {name: round(seconds * 1000) for name, seconds in answer["modules"].items()})
        room.seconds = {name: spent / 1000 for name, spent in json.loads(file.read_text("utf-8")).items()}

    def fight(self, mutant: Mutant, result: Result, room: Room, arena: Arena) -> Result:
        """Run the room's tests on a mutant, unless that was done."""
        if is_settled(result, room):
            return result
        code = self.code(mutant)
        with self._lock:
            kills = self._kills.setdefault(mutant.file, Counter())
            tests = room.order(kills)
        answer = arena.fight(code or {}, tests, room.limit)
        if answer["ending"] == BROKEN:
            raise SystemExit(f"mutate: the tests broke off on {mutant.file}:{mutant.line}: {answer['why']}")
        with self._lock:
            kills[answer["by"].split("::")[0]] += 1
        told = {
            "by": answer["by"],
            "why": answer["why"],
            "milliseconds": round(answer["seconds"] * 1000),
            "tests": room.digest,
        }
        result = {**result, "state": answer["ending"], **told}
        write_json(OUT / f"{self.name(mutant)}.json", result)
        before, after = mutant.lines
        place = f"{mutant.file}:{mutant.line}"
        print(f"{result['state']:<9}{answer['seconds']:6.1f} s  {place}  {mutant.change.operator}: {before} -> {after}")
        print(f"{'':<19}{answer['by'] or answer['why']}", flush=True)
        return result


def _in_turn(jobs: Sequence[Any], arenas: Sequence[Arena], do: Callable[[Any, Arena], Any]) -> list[Any]:
    """Do all jobs, each in the next arena that is free."""
    free: queue.Queue[Arena] = queue.Queue()
    for arena in arenas:
        free.put(arena)

    def one(job: Any) -> Any:
        arena = free.get()
        try:
            return do(job, arena)
        finally:
            free.put(arena)

    with ThreadPoolExecutor(len(arenas)) as pool:
        try:
            return list(pool.map(one, jobs))
        except BaseException:
            for arena in arenas:  # else every job in work would be waited for
                arena.close()
            pool.shutdown(cancel_futures=True)
            raise


def _mutate(targets: Sequence[Target], options: argparse.Namespace) -> int:
    start = time.monotonic()
    run = Run(Tree(ROOT), options.workers, options.count, options.seed)
    arenas: list[Arena] = []
    try:
        with ThreadPoolExecutor(options.workers) as pool:
            draws = {target.name: run.draw(target, pool) for target in targets}
        print(f"mutate: drawn in {time.monotonic() - start:.0f} s", flush=True)
        rooms = {target.name: Room(target) for target in targets}
        jobs = [
            (mutant, result, rooms[name])
            for name, (_, taken) in draws.items()
            for mutant, result in taken
            if result["state"] not in (INVALID, EQUIVALENT)
        ]
        if open_rooms := {room.digest: room for _, result, room in jobs if not is_settled(result, room)}:
            arenas += [Arena(number) for number in range(1, options.workers + 1)]
            for arena in arenas:
                arena.await_ready()
            _in_turn(list(open_rooms.values()), arenas, run.baseline)
            for room in rooms.values():
                if room.digest in open_rooms:
                    run.baseline(room, arenas[0])  # told by its twin, where two contracts share a room
        tried = [result for _, result, _ in jobs]
        if arenas:
            tried = _in_turn(jobs, arenas, lambda job, arena: run.fight(*job, arena))
        ended = iter(tried)
    finally:
        for one in (*arenas, *run.compilers):
            one.close()
    results = {
        name: [one if one["state"] in (INVALID, EQUIVALENT) else next(ended) for _, one in taken]
        for name, (_, taken) in draws.items()
    }
    found = summary(options.seed, {name: count for name, (count, _) in draws.items()}, results, reasons(REASONS))
    write_json(ROOT / "build" / "mutants.json", found)
    if len(targets) == len(TARGETS):
        PAGE.write_text(page(found), "utf-8")
    print(f"mutate: {found.killed} of {found.total} killed in {time.monotonic() - start:.0f} s; build/mutants.json")
    told = problems(found)
    for problem in told:
        print(f"mutate: {problem}", file=sys.stderr)
    return 1 if told else 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw, try, tell."""
    names = [target.name for target in TARGETS]
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--contract", action="append", choices=names, help="only this one; may be given again")
    parser.add_argument("--count", type=int, default=COUNT, help="valid mutants of each contract")
    parser.add_argument("--seed", type=int, default=SEED, help="of the draw")
    parser.add_argument("--workers", type=int, default=max(1, cores), help="copies of the tree that try side by side")
    parser.add_argument("--fresh", action="store_true", help="forget the results of earlier runs")
    options = parser.parse_args(arguments)
    if options.fresh:
        shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True, exist_ok=True)
    wanted = options.contract or names
    return _mutate([target for target in TARGETS if target.name in wanted], options)


if __name__ == "__main__":
    sys.exit(main())

"""Brownie with this clone's compiler, chain and home directory: what ./brownie runs.

`run` and `test` start a chain of their own on a free port, so that several may run at once;
DMO_PORT names another. No chain is ever joined that was not started here. Scripts are found by
their file, whatever the folders above the clone are called; what has changed is compiled by one
process at a time.
"""

from __future__ import annotations

import fcntl
import gc
import os
import random
import socket
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from importlib.util import module_from_spec, spec_from_file_location
from itertools import islice
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
HOME = ROOT / ".brownie-home"
BUILD = ROOT / "build"
NETWORKS = ROOT / "config" / "brownie-networks.yaml"
NETWORK = "development"
PORT, PLAY_PORT = 8549, 8547
PORTS = range(20_000, 32_000)  # where systems take none for connections
_promised: list[socket.socket] = []
CHAIN_COMMANDS = ("run", "test", "console")
MISUSE = 2  # exit code
# How to compile what is not deployed: quickly, and as it is written.
LEGACY: dict[str, Any] = {"viaIR": False, "optimizer": {"enabled": False}}


def _is_free(port: int) -> bool:
    with socket.socket() as probe, suppress(OSError):
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))
        return True
    return False


def free_ports(count: int) -> list[int]:
    """Ports of this machine that nobody uses, and no other process of ours is about to."""
    order = random.SystemRandom().sample(PORTS, len(PORTS))
    return list(islice(filter(_promise, filter(_is_free, order)), count))


def _promise(port: int) -> bool:
    """Keep a port until this process ends, as dmo/replay/node.py does."""
    if sys.platform != "linux":
        return True
    mark = socket.socket(socket.AF_UNIX)
    try:
        mark.bind(f"\0dmo-port-{port}")
    except OSError:
        mark.close()
        return False
    _promised.append(mark)
    return True


def _stop(*lines: str) -> None:
    print("brownie: " + "\n         ".join(lines), file=sys.stderr)
    sys.exit(MISUSE)


def _refuse(port: int) -> None:
    _stop(
        f"something already listens on 127.0.0.1:{port}, and this project never joins a",
        "chain it did not start. Stop it, or choose another port: DMO_PORT=8550 ./brownie …",
    )


def _command(arguments: Sequence[str]) -> str:
    return next((one for one in arguments if not one.startswith("-")), "")


def _port(arguments: Sequence[str]) -> int:
    """The port of the local chain, which is free if a chain is to be started."""
    command = _command(arguments)
    told = os.environ.get("DMO_PORT")
    if not told and command in ("run", "test"):
        return free_ports(1)[0]
    if told and not (told.isascii() and told.isdigit() and 1024 <= int(told) <= 65535):
        _stop(f"DMO_PORT must be a port between 1024 and 65535, not '{told}'")
    port = int(told or PORT)
    is_local = not any(one.startswith(("--network", "-N")) for one in arguments)
    if is_local and command in CHAIN_COMMANDS and not _is_free(port):
        _refuse(port)
    return port


def _play_port() -> str:
    folder = Path(os.environ.get("DMO_PLAY_HOME") or BUILD / "play")
    with suppress(OSError):
        return (folder / "port").read_text("utf-8").strip()
    return str(PLAY_PORT)


def _prepare(port: int) -> None:
    """Set what Brownie and the programs it starts take from the environment."""
    (HOME / ".brownie").mkdir(parents=True, exist_ok=True)
    link = HOME / ".brownie" / "network-config.yaml"
    target = os.path.relpath(NETWORKS, link.parent)
    if not link.is_symlink() or str(link.readlink()) != target:
        with suppress(FileNotFoundError):
            link.unlink()
        with suppress(FileExistsError):  # another one was quicker
            link.symlink_to(target)
    known = os.environ
    # What the person keeps (documents, jurors' salts) lies where `dmo` finds it.
    known.setdefault("DMO_HOME", str(Path.home() / ".dmo"))
    known["HOME"] = str(HOME)
    known["DMO_PORT"] = str(port)
    known["DMO_PLAY_PORT"] = known.get("DMO_PLAY_PORT") or _play_port()
    known["SOLCX_BINARY_PATH"] = str(ROOT / "tools" / "solc")
    first = [ROOT / "tools" / "bin", ROOT / ".venv" / "bin", ROOT / "node_modules" / ".bin"]
    known["PATH"] = os.pathsep.join([*map(str, first), known.get("PATH", os.defpath)])
    known["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), known.get("PYTHONPATH")]))
    sys.path.insert(0, str(ROOT))
    os.chdir(ROOT)


def _script(path: Path) -> ModuleType:
    """Load a script of this project, or load it again."""
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    spec = spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is no script")
    module = sys.modules[name] = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _use_legacy_pipeline() -> None:
    """Compile without the IR and without optimizing: quicker, and Brownie can tell what tests cover.

    Such code is larger than chains take, so that the local chain's limit is lifted.
    """
    from brownie._config import CONFIG
    from brownie.project import main

    read = main._load_project_compiler_config

    def legacy(path: Any) -> Any:
        settings = read(path)
        settings["solc"] = {**settings["solc"], **LEGACY}
        return settings

    main._load_project_compiler_config = legacy
    CONFIG.networks[NETWORK]["cmd"] += " --disable-code-size-limit"


def forget_implementers(build: Any, known: Mapping[str, str], now: Mapping[str, str]) -> None:
    """Have those compiled that implement a changed interface; Brownie compiles the interface alone.

    Args:
        build: Brownie's build of a project.
        known: sha1 of each interface as it was compiled.
        now: Those of the interfaces as they are.
    """
    for name in (name for name, digest in now.items() if known.get(name) != digest):
        for contract in build.get_dependents(name):
            build._remove_contract(contract)


def settled(load: Callable[[], Any]) -> Any:
    """Load what stays until the end, and never seek garbage in it: that took half of Brownie's start."""
    try:
        return load()
    finally:
        gc.freeze()
        gc.enable()


def growing() -> Callable[[float], None]:
    """A pause that grows: Brownie looks a hundred times for its node, which would be ten seconds on a busy machine."""
    longer = 1.0

    def pause(seconds: float) -> None:
        nonlocal longer
        time.sleep(seconds * longer)
        longer *= 1.05

    return pause


def _repair(port: int, command: str) -> None:
    """Replace Brownie's ways of finding a chain, a script, and what is to be compiled."""
    import psutil
    from brownie import project
    from brownie._config import CONFIG
    from brownie.network.rpc import Rpc
    from brownie.project import scripts
    from brownie.project.main import Project

    CONFIG.networks[NETWORK]["cmd_settings"]["port"] = port
    if not sys.stdout.isatty() or os.environ.get("NO_COLOR"):
        CONFIG.settings["console"]["show_colors"] = False
    if command in ("run", "test"):  # it costs a third of the time, and memory; tests ask for the steps they want
        CONFIG.networks[NETWORK]["cmd_settings"]["steps_tracing"] = False
    if os.environ.get("DMO_PIPELINE") == "legacy":
        _use_legacy_pipeline()
    scripts._import_from_path = _script
    load, load_project, launch = Project.load, project.load, Rpc.launch
    changed = Project._get_changed_contracts

    def load_alone(self: Any, *args: Any, **options: Any) -> Any:
        BUILD.mkdir(exist_ok=True)
        with (BUILD / "compiling").open("w") as lock:
            # Shards find all compiled, and load side by side.
            fcntl.flock(lock, fcntl.LOCK_SH if "DMO_SHARD" in os.environ else fcntl.LOCK_EX)
            return settled(lambda: load(self, *args, **options))

    def changed_with_interfaces(self: Any, known: dict[str, str]) -> Any:
        forget_implementers(self._build, known, self._sources.get_interface_hashes())
        return changed(self, known)

    def launch_own(self: Any, *args: Any, **options: Any) -> None:
        if not _is_free(port):
            _refuse(port)
        launch(self, *args, **options)
        # Where the port was taken in the meantime, another's chain has answered.
        with suppress(psutil.Error):
            if any(one.laddr.port == port for one in self.process.connections("tcp")):
                return
        _refuse(port)

    launch.__globals__["time"] = SimpleNamespace(sleep=growing())
    Project.load, Project._get_changed_contracts = load_alone, changed_with_interfaces
    # Brownie names a project after its folder, and refuses folders such as 2.0 or .dmo.
    project.load = project.main.load = lambda path=None, name="DmoProject", **options: load_project(
        path, name, **options
    )
    Rpc.attach, Rpc.launch = lambda *_: _refuse(port), launch_own


def _require_node(arguments: Sequence[str]) -> None:
    """Stop where the network's node is named nowhere; Brownie would show where its code met that."""
    for place, one in enumerate(arguments):
        name = one.partition("=")[2] or "".join(arguments[place + 1 : place + 2])
        variable = f"DMO_RPC_{name.upper().replace('-', '_')}"
        is_asked = one.partition("=")[0] in ("--network", "-N") and f"${variable}\n" in NETWORKS.read_text("utf-8")
        if is_asked and not os.environ.get(variable):
            _stop(
                f"the network {name} has no node; put its address into the environment:", f"export {variable}=https://…"
            )


def main() -> None:
    """Run Brownie's command line."""
    gc.disable()  # until the project is loaded
    _require_node(sys.argv[1:])
    port = _port(sys.argv[1:])
    _prepare(port)
    _repair(port, _command(sys.argv[1:]))
    from brownie._cli.__main__ import main as command_line

    sys.argv[0] = "brownie"
    command_line()


if __name__ == "__main__":
    main()

"""A local chain as a process of our own: on a free port, and gone at the end."""

from __future__ import annotations

import atexit
import contextlib
import platform
import shutil
import socket
import subprocess
import sys
import tempfile
import time

from dmo.core.errors import DmoError, NetworkError
from dmo.core.rpc import HttpTransport
from dmo.replay.artifacts import CHECKOUT

__all__ = ["Anvil"]

BLOCK_GAS = 10**12
KEEP_BLOCKS = 4
START_SECONDS = 30.0
STOP_SECONDS = 5.0
TRIES = 3
_SYSTEMS = {"Linux": "linux", "Darwin": "darwin"}
_MACHINES = {"x86_64": "amd64", "AMD64": "amd64", "aarch64": "arm64", "arm64": "arm64"}


def _program() -> list[str]:
    wrapper = CHECKOUT / "tools" / "bin" / "anvil"
    system = _SYSTEMS.get(platform.system(), "")
    machine = _MACHINES.get(platform.machine(), "")
    package = CHECKOUT / "node_modules" / "@foundry-rs" / f"anvil-{system}-{machine}"
    if (package / "bin" / "anvil").is_file():
        if wrapper.is_file():
            return [sys.executable, str(wrapper)]  # ends with this process, however that ends
        return [str(package / "bin" / "anvil")]
    found = shutil.which("anvil")
    if found is None:
        raise DmoError("There is no local chain (anvil).", hint="Run `make setup`.")
    return [found]


def _command(port: int, timestamp: int) -> list[str]:
    flags = (
        *("no-mining", "auto-impersonate", "quiet", "prune-history"),
        *("disable-min-priority-fee", "disable-default-create2-deployer"),
    )
    options = {
        "port": port,
        "host": "127.0.0.1",
        "timestamp": timestamp,
        "hardfork": "cancun",
        "chain-id": 31337,
        "accounts": 1,
        "gas-limit": BLOCK_GAS,
        "base-fee": 0,
        "order": "fees",
        "transaction-block-keeper": KEEP_BLOCKS,
    }
    command = _program() + [f"--{flag}" for flag in flags]
    for name, value in options.items():
        command += [f"--{name}", str(value)]
    return command


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Anvil:
    """A chain that mines when told to, acts for any account, and forgets old blocks.

    Args:
        timestamp: Time of its first block, Unix seconds.

    Attributes:
        rpc: How to reach it.
        pid: Its process, while it runs.
    """

    def __init__(self, timestamp: int) -> None:
        self._timestamp = timestamp
        self._process: subprocess.Popen[bytes] | None = None
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed in stop()
        atexit.register(self.stop)
        try:
            for attempt in range(1, TRIES + 1):
                try:
                    self.rpc = self._start()
                    break
                except NetworkError:  # somebody may have taken the port in between
                    self._end()
                    if attempt == TRIES:
                        raise
        except BaseException:
            self.stop()
            raise

    @property
    def pid(self) -> int:
        """Number of the process; 0 once it has ended."""
        return self._process.pid if self._process is not None else 0

    def _start(self) -> HttpTransport:
        port = _free_port()
        self._process = subprocess.Popen(  # noqa: S603 - our own binary, our own arguments
            _command(port, self._timestamp),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._errors,
        )
        rpc = HttpTransport(f"http://127.0.0.1:{port}", timeout=600)
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            if self._process.poll() is not None:
                self._errors.seek(0)
                text = self._errors.read(2000).decode("utf-8", "replace").strip()
                raise NetworkError(f"The local chain did not start: {text or 'no reason given'}")
            with contextlib.suppress(NetworkError):
                block = rpc.request("eth_getBlockByNumber", ["latest", False])
                if int(block["number"], 16) or int(block["timestamp"], 16) != self._timestamp:
                    raise DmoError("Another chain answers on the local chain's port.")
                return rpc
            time.sleep(0.05)
        raise NetworkError(f"The local chain did not start within {START_SECONDS:.0f} seconds.")

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def stop(self) -> None:
        """End it; more than once does no harm."""
        atexit.unregister(self.stop)
        self._end()
        self._errors.close()

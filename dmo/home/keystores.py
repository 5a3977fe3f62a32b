"""Accounts kept as eth-account keystores: one encrypted JSON file per name in a folder."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dmo.core import words
from dmo.core.abi.codec import checksum
from dmo.core.errors import FAULTS, BadInput
from dmo.core.files import read_json, write_new
from dmo.home.context import read_path

if TYPE_CHECKING:
    from eth_account.signers.local import LocalAccount
_MAX_FILE = 64 * 1024
_MAX_ROUNDS, _MAX_MEMORY, _MAX_LANES, _MAX_WIDTH = 5 * 10**6, 512 * 1024 * 1024, 16, 64
_ROUND = 400
"""Bytes that scrypt mixes in the time of a round of the other."""


@dataclass(frozen=True)
class Keystores:
    """The keystores of a folder, which is made when one is written."""

    folder: Path

    def path(self, name: str) -> Path:
        """Where an account's file is or would be. Raises BadInput: the name is no name of a file."""
        if not name or name.startswith(".") or any(sign in name for sign in "/\\\0"):
            raise words.bad("no_file_name", given=name[:40])
        return self.folder / f"{name}.json"

    def names(self) -> dict[str, str | None]:
        """Name → address of all accounts, by name; None where only who opens it knows, as with Foundry's."""
        found: dict[str, str | None] = {}
        for file in sorted(self.folder.glob("*")):
            with suppress(BadInput):
                found[file.name.removesuffix(".json")] = _address(file)
        return found

    def addresses(self) -> dict[str, str]:
        """Name → address of those that tell it."""
        return {name: at for name, at in self.names().items() if at}

    def address(self, name: str) -> str | None:
        """An account's address, if it is told without its password. Raises BadInput: there is no such account."""
        return _address(self._file(name))

    def _file(self, name: str) -> Path:
        if ("/" in name or name.endswith(".json")) and (path := read_path(name, "--account")).is_file():
            return path
        file = self.path(name)
        if not file.is_file():
            file = self.folder / name
        if not file.is_file():
            known = ", ".join(self.names()) or words.word("instead", "keystore")
            raise words.bad("no_account", field="--account", name=name, folder=self.folder, known=known)
        return file

    def unlock(self, name: str, password: Callable[[str], str]) -> LocalAccount:
        """Open an account by name or file; ``password`` answers a question. Raises BadInput: none, or wrong."""
        from eth_account import Account

        file = self._file(name)
        content = _content(file)
        if not _is_sensible(content):
            raise words.bad("odd_keystore").at(str(file))
        try:
            key = Account.decrypt(content, password(words.word("unlock", "password").format(name)))
            account: LocalAccount = Account.from_key(key)
        except FAULTS as error:
            raise words.bad("wrong_password", field="--account", name=name) from error
        return account

    def put(self, name: str, key: bytes, password: str, iterations: int | None = None) -> str:
        """Write an account, readable by its owner alone; returns its address. Raises BadInput: the name is taken."""
        from eth_account import Account

        file = self.path(name)
        if file.exists():
            raise words.bad("account_taken", name=name)
        address = str(Account.from_key(key).address)
        content = {**Account.encrypt(key, password, iterations=iterations), "address": address}
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_new(file, json.dumps(content), mode=0o600)
        return checksum(address)


def _content(file: Path) -> dict[str, Any]:
    try:
        content = dict(read_json(file, _MAX_FILE))
        if not isinstance(content.get("crypto", content.get("Crypto")), dict):
            raise ValueError(file.name)
    except (FileNotFoundError, BadInput, *FAULTS) as error:
        raise words.bad("no_keystore").at(str(file)) from error
    return content


def _is_sensible(content: dict[str, Any]) -> bool:
    """Whether it is opened in bounded time and memory, as everybody's tools write it."""
    try:
        crypto = content.get("crypto") or content["Crypto"]
        asked: dict[str, int] = crypto["kdfparams"]
        least, time, memory = asked["dklen"], asked.get("c", 1), 0
        if crypto["kdf"] != "pbkdf2":
            memory = 128 * asked["n"] * asked["r"]
            if asked["r"] > _MAX_WIDTH:  # which costs far more than it mixes
                return False
            least, time = min(asked["n"], asked["r"], asked["p"]), 1 + memory * asked["p"] // _ROUND
        is_known = content["version"] == 3 and asked["dklen"] == 32 and asked.get("p", 1) <= _MAX_LANES
        return bool(is_known and least > 0 and 0 < time <= _MAX_ROUNDS and memory <= _MAX_MEMORY)
    except FAULTS:
        return False


def _address(file: Path) -> str | None:
    text = str(_content(file).get("address") or "")
    return checksum(text if text.startswith("0x") else f"0x{text}") if text else None

"""Files are written whole or not at all, and never through or over what is no file."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dmo.core.errors import BadInput
from dmo.core.files import write_json, write_new, write_text

WRITERS = [write_text, write_new]


def left(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize(("mode", "umask"), [(0o644, 0o077), (0o600, 0o000)])
def test_a_file_has_its_content_and_its_mode(tmp_path: Path, write: Callable[..., None], mode: int, umask: int) -> None:
    before = os.umask(umask)
    try:
        write(tmp_path / "a", "text ✓", mode)
    finally:
        os.umask(before)
    assert (tmp_path / "a").read_bytes() == "text ✓".encode()
    assert (tmp_path / "a").stat().st_mode & 0o777 == mode
    assert left(tmp_path) == {"a"}


def test_a_file_is_replaced_and_its_folders_are_made(tmp_path: Path) -> None:
    for content in (b"long enough", b"raw"):
        write_text(tmp_path / "b/c/a", content)
        assert (tmp_path / "b/c/a").read_bytes() == content
    write_json(tmp_path / "b/c/a", {"b": 1, "a": b"\1"})
    assert (tmp_path / "b/c/a").read_text() == '{\n  "a": "0x01",\n  "b": 1\n}\n'
    assert left(tmp_path / "b/c") == {"a"}


def test_a_new_file_is_never_written_over(tmp_path: Path) -> None:
    write_new(tmp_path / "a", "first")
    with pytest.raises(BadInput, match="already there"):
        write_new(tmp_path / "a", "second")
    (tmp_path / "link").symlink_to("nowhere")
    with pytest.raises(BadInput, match="already there"):
        write_new(tmp_path / "link", "second")
    with pytest.raises(BadInput, match="cannot be written"):
        write_new(tmp_path / "no/folder", "second")
    assert (tmp_path / "a").read_text() == "first"
    assert left(tmp_path) == {"a", "link"}


def test_a_new_file_needs_no_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise PermissionError(1, "no links here")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    write_new(tmp_path / "a", "first", 0o600)
    with pytest.raises(BadInput, match="already there"):
        write_new(tmp_path / "a", "second")
    assert (tmp_path / "a").read_text() == "first"
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600
    assert left(tmp_path) == {"a"}


def test_what_is_no_file_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "link").symlink_to("file")
    (tmp_path / "dangling").symlink_to("nowhere")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    for name in ("link", "dangling", "folder", "pipe"):
        with pytest.raises(BadInput, match="no file of its own"):
            write_text(tmp_path / name, "theirs")
    with pytest.raises(BadInput, match="no file of its own"):
        write_text("/dev/null", "theirs")
    assert (tmp_path / "file").read_text() == "mine"
    assert left(tmp_path) == {"file", "link", "dangling", "folder", "pipe"}


@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize("moment", ["os.fsync", "os.fchmod"])
def test_a_kill_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Callable[..., None], moment: str
) -> None:
    if write is write_text:
        write(tmp_path / "a", "before")
    before = left(tmp_path)

    def die(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(moment, die)
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path / "a", "after")
    monkeypatch.undo()
    assert left(tmp_path) == before
    assert [file.read_text() for file in tmp_path.iterdir()] == ["before"] * len(before)


@pytest.mark.parametrize("write", WRITERS)
def test_it_is_on_the_disk_before_it_is_in_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Callable[..., None]
) -> None:
    done: list[tuple[bool, bool]] = []
    sync = os.fsync

    def watch(handle: int) -> None:
        is_folder = os.path.isdir(f"/proc/self/fd/{handle}")  # noqa: PTH112
        done.append((is_folder, (tmp_path / "a").exists()))
        sync(handle)

    monkeypatch.setattr("os.fsync", watch)
    write(tmp_path / "a", "text")
    assert done == [(False, False), (True, True)]


@pytest.mark.parametrize("write", WRITERS)
def test_a_disk_that_is_full_is_told_with_the_files_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Callable[..., None]
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises((OSError, BadInput)) as caught:
        write(tmp_path / "report.html", "text")
    named = caught.value.filename if isinstance(caught.value, OSError) else str(caught.value)
    assert "report.html" in named
    assert not left(tmp_path)

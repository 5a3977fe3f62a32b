"""The CID of a folder, against what IPFS's own implementations compute.

given a file -> of one piece, of several, of more than one node takes
given a folder -> empty; with files and folders, whatever the order they were written in
├── changed in one byte, or one name -> another
└── that Kubo would divide, or with a link in it -> refused
"""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from dmo.core import unixfs
from dmo.core.unixfs import PIECE, file_node, folder_node

FILES = {  # computed by js-ipfs-unixfs-importer with Kubo's settings; the first is in every tutorial
    "a word": ("hello world", 1, "bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e"),
    "one byte more than a piece": ("x", PIECE + 1, "bafybeigjxpfr7pbb35st2scup3gosnljuw4j3wu5cm7yndynm4asxugtqm"),
    "four pieces": ("x", 2**20, "bafybeihoskmhhavvvpccjhfeuturxhtr2c3sde4bt4tnhy2yz2ih6vlyie"),
    "two levels": ("x", PIECE * 175, "bafybeibkiagf2wbwrwsbx7ujq5g6hyefwlxnlurgtsbfxs26yxy7n7exma"),
}
FOLDER = "bafybeida4gmpk7j4cbd55kc2fiteh66sqdwostymd55qhtk7gyrdrtt624"
EMPTY = "bafybeiczsscdsbs7ffqz55asqdf3smv6klcw3gofszvwlyarci47bgf354"


def cid(folder: Path) -> str:
    return unixfs.text(folder_node(folder).cid)


@pytest.mark.parametrize("what", FILES)
def test_a_file(what: str) -> None:
    letters, count, expected = FILES[what]
    content = letters.encode() * count
    found = file_node(io.BytesIO(content))
    assert unixfs.text(found.cid) == expected
    assert found.content == len(content)


@pytest.mark.parametrize("order", [1, -1])
def test_a_folder(tmp_path: Path, order: int) -> None:
    assert cid(tmp_path) == EMPTY
    (tmp_path / "sub").mkdir()
    files = {"a.txt": b"a", "sub/b.txt": b"b", "big.bin": b"x" * 2**20, "Z": b""}
    for name, content in [*files.items()][::order]:
        (tmp_path / name).write_bytes(content)
    assert cid(tmp_path) == FOLDER
    assert folder_node(tmp_path).size == 1_049_037
    (tmp_path / "a.txt").write_bytes(b"A")
    assert cid(tmp_path) != FOLDER


def test_what_is_refused(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("elsewhere")
    with pytest.raises(ValueError, match="link"):
        folder_node(tmp_path)
    (tmp_path / "link").unlink()
    for number in range(unixfs.LARGEST // (200 + 36) + 1):
        (tmp_path / f"{number:0200}").touch()
    with pytest.raises(ValueError, match=str(tmp_path)):
        folder_node(tmp_path)

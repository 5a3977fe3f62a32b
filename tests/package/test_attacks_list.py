"""The named attacks are all there, and the list of them is read from the tests."""

from __future__ import annotations

from pathlib import Path

from tools import list_attacks

ON_DISPUTES = {
    "friendly-challenge",
    "flood-of-disputes",
    "circular-disputes-for-points",
    "copied-commitment",
    "double-commitment",
    "selective-reveal",
    "self-dealing-lead",
    "squatted-slots",
    "sleepy-lead",
    "copied-evidence",
    "lessons-of-nothing",
    "late-ruling",
    "starved-payment",
    "first-and-last-second",
}


def test_every_attack_on_disputes_has_a_test() -> None:
    assert {name for name, _ in list_attacks.attacks()} >= ON_DISPUTES


def test_both_ways_of_naming_are_read(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/test_a.py").write_text(
        '@attack("one")\ndef test_x(): ...\n'
        '@pytest.mark.attack("two")\n@pytest.mark.other("no")\ndef test_y(): ...\n'
        "def test_z(): ...\n"
    )
    assert list(list_attacks.attacks(tmp_path / "tests")) == [
        ("one", "tests/test_a.py::test_x"),
        ("two", "tests/test_a.py::test_y"),
    ]

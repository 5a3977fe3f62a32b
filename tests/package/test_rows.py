"""Tables that people write and programs export.

given a table
├── what says nothing is forgiven: mark, sign between the columns, header, blank lines, line ends
├── an amount is read as it was meant, or refused; never as another
└── what is wrong is told with line and reason
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmo.core import rows
from dmo.core.errors import BadInput
from dmo.core.rows import Column, Rows

COLUMNS = {
    "who": Column(str, "holder account"),
    "tokens": Column(lambda text: rows.amount(text, 6), "balance", is_number=True),
    "note": Column(str, is_needed=False),
}
Read = Callable[[str | bytes], list[tuple[int, dict[str, object]]]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def _read(text: str | bytes) -> list[tuple[int, dict[str, object]]]:
        file = tmp_path / "table.csv"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return list(Rows(file, COLUMNS))

    return _read


@pytest.mark.parametrize(
    "text",
    [
        "who,tokens\nann,12.5\n",
        "\ufeffwho,tokens\r\nann,12.5\r\n",
        "Who , TOKENS\nann, 12.5 \n\n",
        "tokens;who\n12.5;ann",
        "who\ttokens\tmore\nann\t12.5\t\n\t\t\n",
        "sep=;\nwho;tokens\nann;12.5",
        '"Holder","Balance","PendingBalanceUpdate"\n"ann","12.5","No"\n',
        "who,tokens,,\nann,12.5,,\n,,,\n",
    ],
)
def test_forgives_what_says_nothing(read: Read, text: str) -> None:
    assert [row for _, row in read(text)] == [{"who": "ann", "tokens": 12_500_000}]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("250000", "250000"),
        ('"250,000"', "250000"),
        ("250_000", "250000"),
        ("1.250", "1.25"),  # a dot among commas is a decimal one
        ("0.125", "0.125"),
        ("1E+3", "1000"),
        ("2.5E+05", "250000"),
        ("5e-6", "0.000005"),
        ("12E+3", "12000"),
    ],
)
def test_reads_an_amount_as_it_was_meant(read: Read, text: str, tokens: str) -> None:
    assert read(f"who,tokens\nann,{text}\n")[0][1]["tokens"] == int(Decimal(tokens) * 10**6)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("who,tokens\nann,250,000\n", "a number with a comma in it stands in quotes"),
        ("who,tokens,tokens\nann,250000,1\n", "the header names 'tokens' twice"),
        ("who;tokens\nann;1.250\n", "1.250 can be read as 1.25 and as 1250"),
        ("who;tokens\nann;250,000\n", "250,000 can be read as 250.0 and as 250000"),
        ("who;tokens\nann;1,5\n", "'1,5' is not an amount"),
        ("who;tokens\nann;1.250,00\n", "is not an amount"),
        ("who,tokens\nann,1.23457E+11\n", "was rounded by a spreadsheet"),
        ("who,tokens\nann,1.25E+03\n", "was rounded by a spreadsheet"),
        ("who,tokens\nann,1e400\n", "is not an amount"),
        ("who,tokens\nann,5e-7\n", "is finer than"),
        ("who,tokens\nann,#NAME?\n", "is not an amount"),
    ],
)
def test_never_misreads(read: Read, text: str, reason: str) -> None:
    with pytest.raises(BadInput) as caught:
        read(text)
    assert caught.value.line == (1 if "header" in reason else 2)
    assert reason in str(caught.value)


@given(st.integers(0, 10**15), st.sampled_from(["{}", '"{:,}"', "{:_}"]))
def test_every_way_to_write_a_number_is_that_number(units: int, way: str) -> None:
    assert rows.amount(way.format(units).strip('"'), 0) == units
    scaled = f"{Decimal(units).normalize():E}" if units else "0"
    if not rows._ROUNDED.fullmatch(scaled):
        assert rows.amount(scaled, 0) == units


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("", None, "the file is empty"),
        ("who,tokens\n\n", None, "the file has no rows"),
        ("who,amount\nann,1\n", 1, "without tokens"),
        ("sep=;", 1, "the header is ''"),
        ('who,tokens\nann,"1"x\n', 2, "is not a CSV row"),
        (b"who,tokens\n\xff,1\n", 2, "byte 1 of the line is not UTF-8"),
        ("who,tokens\nann,1\n".encode("utf-16"), 1, "UTF-16"),
        ("who,tokens\n" + "x" * 40_000 + ",1\n", 2, "longer than"),
        ('who,tokens\n"' + "a\n" * 200_000, 2, "is not a CSV row"),
        ("who,tokens\rann,1\r", 1, "the header is"),
    ],
)
def test_tells_line_and_reason(read: Read, text: str | bytes, line: int | None, reason: str) -> None:
    with pytest.raises(BadInput) as caught:
        read(text)
    assert (caught.value.line, bool(caught.value.expected)) == (line, True)
    assert reason in str(caught.value)

"""What the replay reads, and every way in which a file can be wrong."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmo.core.errors import BadInput
from dmo.replay.readers import read_holders, read_votes
from dmo.replay.records import MAX_UNITS, UNIT, Side

ANN = "0xB2CcF95c8be18AD877FAA0730e526d12E0735EE0"
BEN = "0xC7DaC23D1fF1c154a085b2D8275ea9C57BCe5303"
EVE = "0xE915956D1b68ad80F9d92F98AeF4726de2F98ab6"
HOLDERS = f"address,tokens\n{ANN},70\n{BEN},30.5\n"
OPENED = "2023-11-18T09:15:23.287Z"
VOTES = f"proposal,opened_at,voter,choice\n151,{OPENED},{ANN},yes\n151,{OPENED},{BEN},veto\n"


@pytest.fixture
def write(tmp_path: Path):
    def _write(name: str, text: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return _write


@pytest.fixture
def holders(write):
    return read_holders(write("holders.csv", HOLDERS))


def test_reads_holders(write) -> None:
    found = read_holders(write("holders.csv", HOLDERS))
    assert found.rows == [(ANN, 70 * UNIT), (BEN, 305 * UNIT // 10)]
    assert found.supply == 1005 * UNIT // 10
    assert len(found.sha256) == 64


@pytest.mark.parametrize("end", ["\n", "\r\n", ""])
def test_reads_every_end_of_line(write, end: str) -> None:
    text = HOLDERS.replace("\n", end or "\n").rstrip("\n") if not end else HOLDERS.replace("\n", end)
    assert len(read_holders(write("holders.csv", text)).rows) == 2


def test_reads_quoted_fields_and_addresses_in_one_case(write) -> None:
    text = f'address,tokens\n"{ANN.lower()}","70"\n0x{BEN[2:].upper()},1\n'
    assert [h.address for h in read_holders(write("holders.csv", text)).rows] == [ANN, BEN]


def test_takes_ten_trillion_tokens_and_eighteen_decimals(write) -> None:
    text = f"address,tokens\n{ANN},10000000000000\n{BEN},0.000000000000000001\n"
    assert read_holders(write("holders.csv", text)).supply == 10**13 * UNIT + 1


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("", None, "the file is empty"),
        ("address,tokens\n", None, "the file has no rows"),
        ("\n", 1, "the header is ''"),
        (f"{ANN},70\n", 1, "the header is"),
        ("amount,address\n", 1, "the header is 'amount,address', without tokens"),
        (f"address,tokens\n{ANN}\n", 2, "the number of columns in the row is 1"),
        (f"address,tokens\n{ANN},1,2\n", 2, "the number of columns in the row is 3"),
        (f"address,tokens\n{ANN},1,000\n", 2, "a number with a comma in it stands in quotes"),
        (f'address,tokens\n{ANN},"1"x\n', 2, "this is not a CSV row"),
        (f'address,tokens\n{ANN},"1\n', 2, "this is not a CSV row"),
        (f"address,tokens\n{ANN[:-1]},1\n", 2, "is not an address"),
        (f"address,tokens\n{ANN[2:]},1\n", 2, "is not an address"),
        ("address,tokens\nvitalik.eth,1\n", 2, "'vitalik.eth' is not an address"),
        (f"address,tokens\n{ANN[:-3]}eE0,1\n", 2, "capitals do not match"),
        (f"address,tokens\n0x{'0' * 40},1\n", 2, "the zero address"),
        (f"address,tokens\n{ANN},1\n{ANN.lower()},1\n", 3, "is listed twice, first in line 2"),
        (f"address,tokens\n{ANN},-5\n", 2, "'-5' is not an amount"),
        (f"address,tokens\n{ANN},0\n", 2, "a holder without tokens"),
        (f"address,tokens\n{ANN},0.000\n", 2, "a holder without tokens"),
        (f"address,tokens\n{ANN},\n", 2, "'' is not an amount"),
        (f"address,tokens\n{ANN},+5\n", 2, "'+5' is not an amount"),
        (f"address,tokens\n{ANN},nan\n", 2, "'nan' is not an amount"),
        (f"address,tokens\n{ANN},٣\n", 2, "is not an amount"),
        (f"address,tokens\n{ANN},0.{'0' * 18}1\n", 2, "is finer than the token's units"),
        (f"address,tokens\n{ANN},{10**39}\n", 2, "more than a votes token can hold"),
        (f"address,tokens\n{ANN},{'9' * 3000}\n", 2, "is not an amount"),
        (f"address,tokens\n{ANN},{'9' * 40000}\n", 2, "longer than 32768 bytes"),
        (f"address,tokens\n{ANN},5000000000000000\n{BEN},5000000000000000\n", 3, "up to this line"),
        (HOLDERS.encode("utf-16"), 1, "the file is UTF-16"),
        (HOLDERS.encode("utf-16-be"), 1, "zero byte"),
        (f"address,tokens\n{ANN},7\xe9\n".encode("latin-1"), 2, "is not UTF-8"),
        (b"address,tokens\n\0\n", 2, "zero byte"),
        (b"\x1f\x8b\x08\x00", 1, "is not UTF-8"),
    ],
)
def test_refuses_holders(write, text: str | bytes, line: int | None, reason: str) -> None:
    path = write("holders.csv", text)
    with pytest.raises(BadInput) as caught:
        read_holders(path)
    assert reason in str(caught.value)
    assert caught.value.expected
    assert (caught.value.file, caught.value.line) == (str(path), line)
    assert str(caught.value).startswith(f"{path}:{line}:" if line else f"{path}:")


def test_supply_fits_the_votes_token(write) -> None:
    largest = MAX_UNITS // UNIT
    found = read_holders(write("holders.csv", f"address,tokens\n{ANN},{largest}\n"))
    assert found.supply <= MAX_UNITS < found.supply + UNIT


@pytest.mark.parametrize("path", ["/nowhere/holders.csv", "/", "/dev/null", "\0"])
def test_refuses_what_is_not_a_file(path: str) -> None:
    with pytest.raises(BadInput):
        read_holders(Path(path))


def test_reads_votes(write, holders) -> None:
    found = read_votes(write("votes.csv", VOTES), holders)
    proposal = found.proposals[151]
    assert proposal.opened_ns == 1_700_298_923_287_000_000
    assert {place: (v.choice, v.line) for place, v in proposal.votes.items()} == {
        0: (Side.FOR, 2),
        1: (Side.AGAINST, 3),
    }
    assert (found.rows, proposal.line) == (2, 2)


@pytest.mark.parametrize(
    "same", ["2023-11-18 09:15:23.287 UTC", "2023-11-18T09:15:23.287000Z", "2023-11-18T11:15:23.287+02:00"]
)
def test_knows_the_same_moment_in_other_words(write, holders, same: str) -> None:
    text = VOTES.replace(f"{OPENED},{BEN}", f"{same},{BEN}")
    assert len(read_votes(write("votes.csv", text), holders).proposals) == 1


HEADER = "proposal,opened_at,voter,choice\n"


@pytest.mark.parametrize(
    ("row", "line", "reason"),
    [
        (f"1,{OPENED},{EVE},yes", 2, f"{EVE} is not among the holders"),
        (f"1,{OPENED},{ANN},", 2, "'' is not a choice"),
        (f"1,{OPENED},{ANN},maybe", 2, "'maybe' is not a choice"),
        (f"1,{OPENED},{ANN},yes\n1,{OPENED},{ANN.lower()},no", 3, "voted on proposal 1 in line 2"),
        (f"1,{OPENED},{ANN},yes\n1,{OPENED},{ANN},yes", 3, "already"),
        (f"1,{OPENED},{ANN},yes\n1,2023-11-18T09:15:23.288Z,{BEN},no", 3, "another moment in line 2"),
        (f"01,{OPENED},{ANN},yes", 2, "'01' is not a proposal's number"),
        (f"-1,{OPENED},{ANN},yes", 2, "'-1' is not a proposal's number"),
        (f"1.5,{OPENED},{ANN},yes", 2, "'1.5' is not a proposal's number"),
        (f",{OPENED},{ANN},yes", 2, "'' is not a proposal's number"),
        (f"²,{OPENED},{ANN},yes", 2, "is not a proposal's number"),
        (f"{'9' * 79},{OPENED},{ANN},yes", 2, "is not a proposal's number"),
        (f"1,2023-11-18T09:15:23,{ANN},yes", 2, "has no time zone"),
        (f"1,17002989231,{ANN},yes", 2, "is not a moment"),
        (f"1,2023-02-29T09:15:23Z,{ANN},yes", 2, "is not a moment"),
        (f"1,2023-11-18T24:15:23Z,{ANN},yes", 2, "is not a moment"),
        (f"1,2023-11-18T09:15:60Z,{ANN},yes", 2, "is not a moment"),
        (f"1,2023-11-18T09:15:23+02:75,{ANN},yes", 2, "is not a moment"),
        (f"1,2023-11-18T09:15:23+99:00,{ANN},yes", 2, "is not a moment"),
        (f"1,2023-11-18T09:15:23.2871112223Z,{ANN},yes", 2, "is not a moment"),
        (f"1,0001-01-01T00:00:00+05:00,{ANN},yes", 2, "is not a moment"),
        (f"1,9999-12-31T23:59:59-05:00,{ANN},yes", 2, "is not a moment"),
        (f"1,1969-11-18T09:15:23Z,{ANN},yes", 2, "is absurd"),
        (f"1,2100-01-01T00:00:00Z,{ANN},yes", 2, "is absurd"),
        (f"1,{OPENED},{ANN[:-1]},yes", 2, "is not an address"),
        (f"1,{OPENED},{ANN}", 2, "the number of columns in the row is 3"),
        (f"1,{OPENED},{ANN},yes,x", 2, "the number of columns in the row is 5"),
        ("", None, "the file has no rows"),
    ],
)
def test_refuses_votes(write, holders, row: str, line: int | None, reason: str) -> None:
    path = write("votes.csv", HEADER + row)
    with pytest.raises(BadInput) as caught:
        read_votes(path, holders)
    assert reason in str(caught.value)
    assert caught.value.expected
    assert (caught.value.file, caught.value.line) == (str(path), line)


@given(st.binary(max_size=200), st.integers(0, 3))
def test_whatever_is_read_is_history_or_bad_input(tmp_path_factory, noise: bytes, where: int) -> None:
    rng = random.Random(noise)
    folder = tmp_path_factory.mktemp("noise")
    parts = [bytearray(HOLDERS.encode()), bytearray(VOTES.encode())]
    for part in parts if where == 2 else parts[:1] if where == 0 else parts[1:]:
        at = rng.randrange(len(part) + 1)
        part[at : at + rng.randrange(4)] = noise
    (folder / "holders.csv").write_bytes(parts[0])
    (folder / "votes.csv").write_bytes(parts[1])
    problem = None
    try:
        found = read_holders(folder / "holders.csv")
        read_votes(folder / "votes.csv", found)
    except BadInput as error:
        problem = error
    if problem is not None:
        assert problem.file
        assert problem.expected
        assert "\n" not in str(problem)


ETHERSCAN = (
    f'"HolderAddress","Balance","PendingBalanceUpdate"\n"{ANN}","70","No"\n"{EVE}","0","No"\n"{BEN}","30.5","No"\n'
)
BLOCKSCOUT = f"HolderAddress,Balance\n{ANN.lower()},7E+1\n{BEN.lower()},30.5\n"


@pytest.mark.parametrize("text", [ETHERSCAN, BLOCKSCOUT], ids=["etherscan", "blockscout"])
def test_reads_holders_as_explorers_export_them(write, holders, text: str) -> None:
    assert read_holders(write("export.csv", text)).rows == holders.rows


@pytest.mark.parametrize("text", [HOLDERS, ETHERSCAN, f"Account\n{ANN}\n{BEN}\n"])
def test_one_member_has_one_vote(write, text: str) -> None:
    found = read_holders(write("members.csv", text), is_equal=True)
    assert found.rows == [(ANN, UNIT), (BEN, UNIT)]
    assert found.supply == 2 * UNIT


def reports(folder: Path, **texts: str) -> Path:
    (folder / "votes").mkdir()
    for name, rows in texts.items():
        header = "address,choice,voting_power,timestamp,author_ipfs_hash,reason\n"
        (folder / "votes" / f"snapshot-votes-report-{name}.csv").write_text(header + rows)
    return folder / "votes"


def test_reads_the_reports_of_snapshot(tmp_path: Path, holders) -> None:
    later = f'{BEN},2,30.5,1700298999,bafk2,"\'no, ""never"""\n{EVE},1,5,1700298900,bafk3,"\'"\n'
    folder = reports(
        tmp_path, b2=f'{ANN},1,70,1700298923,bafk1,"\'"\n{later}', a1=f'{ANN},3,70,1700300000,bafk4,"\'"\n'
    )
    found = read_votes(folder, holders)
    first, second = found.in_order
    assert (first.name, first.opened_ns, first.cast) == ("b2", 1_700_298_923 * 10**9, {0: Side.FOR, 1: Side.AGAINST})
    assert (second.name, second.cast) == ("a1", {})
    assert (found.rows, found.left_out) == (4, 1)


def test_reads_what_a_governor_said_in_one_file(write, holders) -> None:
    name = "0x" + "ab" * 32
    text = "evt_block_time,proposalId,reason,support,voter,weight\n"
    text += f"2023-11-18 09:15:23.000 UTC,{name},,1,{ANN},5\n2023-11-18 09:15:22.000 UTC,{name},,0,{BEN},5\n"
    [found] = read_votes(write("dune.csv", text), holders).proposals.values()
    assert (found.name, found.opened_ns % 10**11, found.cast) == (name, 22 * 10**9, {0: Side.FOR, 1: Side.AGAINST})


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("ranked", "address,choice.1,choice.2,voting_power,timestamp\n", "without choice"),
        ("many", f"address,choice,timestamp\n{ANN},4,1700298923\n", "'4' is not a choice"),
        ("hidden", f"address,choice,timestamp\n{ANN},,1700298923\n", "'' is not a choice"),
        ("when", f"address,choice\n{ANN},1\n", "without opened_at"),
        (
            "twice",
            f"address,choice,timestamp\n{ANN},1,1700298923\n{ANN},2,1700298924\n",
            "voted on proposal twice in line 2",
        ),
        ("strangers", f"address,choice,timestamp\n{EVE},1,1700298923\n", "nobody who voted is among the holders"),
    ],
)
def test_refuses_reports_that_would_be_misread(write, holders, name: str, text: str, reason: str) -> None:
    with pytest.raises(BadInput, match=reason):
        read_votes(write(f"{name}.csv", text), holders)


def test_a_folder_without_reports_is_refused(tmp_path: Path, holders) -> None:
    with pytest.raises(BadInput, match="the folder holds no CSV file"):
        read_votes(reports(tmp_path), holders)

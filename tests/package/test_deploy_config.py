"""config/<name>.toml: what is taken, what is refused and how that is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from dmo.core.errors import BadInput
from dmo.deploy.config import DeployConfig, NewToken, load_config
from dmo.deploy.facts import batches, read_holdings
from tools import generate_schemas

ROOT = Path(__file__).resolve().parents[2]
CONFIGS = sorted((ROOT / "config").rglob("*.toml"))
GOOD = (ROOT / "config" / "local.toml").read_text("utf-8")
NAME = "local.toml"
DAY = 86_400


def written(folder: Path, *changes: tuple[str, str]) -> Path:
    text = GOOD
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    file = folder / NAME
    file.write_text(text, "utf-8")
    return file


def token(folder: Path, section: str, *more: tuple[str, str]) -> Path:
    start, end = GOOD.index("[token]"), GOOD.index("[budget]")
    return written(folder, (GOOD[start:end], f"[token]\n{section}\n"), *more)


@pytest.mark.parametrize("file", CONFIGS, ids=lambda file: file.stem)
def test_every_config_of_the_repository_is_good(file: Path) -> None:
    load_config(file)


def test_defaults_are_the_recommended_ones(tmp_path: Path) -> None:
    config = load_config(written(tmp_path))
    assert (config.rounds.length, config.rounds.holding) == (7 * DAY, 3 * DAY)
    assert (config.rounds.passing, config.rounds.posting) == (400, 10)
    assert config.rounds.origin is None
    campaigns = config.campaigns
    assert (campaigns.review, campaigns.answer, campaigns.challenge) == (5 * DAY, 3 * DAY, 3 * DAY)
    assert config.reputation.half_life == 180 * DAY
    assert config.governance.timelock == 2 * DAY


def test_the_table_has_every_key_and_what_is_needed() -> None:
    assert (ROOT / "docs" / "deploying.md").read_text("utf-8").count(generate_schemas.keys()) == 1
    rows = dict(row.split(" | ", 1) for row in generate_schemas.keys().splitlines()[2:])
    for key in ("network.chain_id", "rounds.cap", "guardian.address", "token.kind"):
        assert rows[f"| `{key}`"].startswith("**needed** |"), key
    assert rows["| `token.supply`"].startswith("**needed** for new |")
    assert rows["| `rounds.passing`"].startswith("4 % | at least 2%, at most 50% |")
    assert rows["| `reputation.half_life`"].startswith("180 days | at least 90d, at most 720d |")
    models = [field.annotation for field in DeployConfig.model_fields.values()]
    known = {*NewToken.model_fields, *(key for one in models if isinstance(one, type) for key in one.model_fields)}
    assert {row.rpartition(".")[2].rstrip("`") for row in rows} >= known


ADDRESS = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"


@pytest.mark.parametrize(
    ("new", "field", "said"),
    [
        ('testnet = "maybe"', "network.testnet", "'maybe' cannot be used here Expected: true or false"),
        ("chain_id = 1.5", "network.chain_id", "1.5 cannot be used here Expected: a whole number"),
        ("chain_id = []", "network.chain_id", "[] cannot be used here Expected: a whole number"),
        (f"chain_id = {'9' * 5000}", None, "is not TOML"),
        (f"x = {'[' * 9000}{']' * 9000}", None, "is not TOML"),
    ],
)
def test_pydantics_sentences_are_never_shown(tmp_path: Path, new: str, field: str | None, said: str) -> None:
    old = "chain_id = 31337" if "chain_id" in new else "testnet = false" if "testnet = false" in GOOD else "[network]"
    with pytest.raises(BadInput) as refused:
        load_config(written(tmp_path, (old, new if old != "[network]" else f"[network]\n{new}")))
    assert refused.value.field == field
    assert said in str(refused.value)
    assert "Input should" not in str(refused.value)


@pytest.mark.parametrize(
    ("section", "field", "said"),
    [
        ("holders = 5", "token.holders", "5 cannot be used here"),
        (f'holders = [{{account = "{40 * "x"}", tokens = "1"}}]', "token.holders.0.account", "is not an address"),
        ("holders = [5]", "token.holders.0", "5 cannot be used here Expected: a section"),
        ('holders = "x"\nbatch = 900', "token.batch", "at most 200"),
    ],
)
def test_holders_in_the_config_are_refused_in_our_words(tmp_path: Path, section: str, field: str, said: str) -> None:
    with pytest.raises(BadInput) as refused:
        load_config(token(tmp_path, f'kind = "new"\nname = "A"\nsymbol = "A"\nsupply = "5"\n{section}'))
    assert refused.value.field == field
    assert said in str(refused.value)
    assert "Input should" not in str(refused.value)
    assert "tuple" not in str(refused.value)


@pytest.mark.parametrize(
    ("old", "new", "field", "said"),
    [
        ("[network]", "[network", "", "is not TOML"),
        ("chain_id = 31337", "", "network.chain_id", "is missing"),
        ("chain_id = 31337", "chain_id = 0", "network.chain_id", "0 is too small"),
        ("chain_id = 31337", "chain_id = 1\ntestnet = true", "network", "chain 1 is Ethereum, not a test network"),
        ('cap = "6,000"', 'cap = "6,000"\ncapp = 1', "rounds.capp", "is not a known key"),
        ('cap = "6,000"', 'cap = "many"', "rounds.cap", "'many' is not an amount"),
        ('cap = "6,000"', "cap = 1.5", "rounds.cap", "1.5 is not an amount"),
        (
            "chain_id = 31337",
            "chain_id = 56\ntestnet = true",
            "network",
            "chain 56 is BNB Smart Chain, not a test network",
        ),
        ("[rounds]", "[rounds]\nlength = 7", "rounds.length", "7 has no unit"),
        ("[rounds]", '[rounds]\nslack = "0s"', "rounds.slack", "0s is too small Expected: more than 0s"),
        ("[rounds]", '[rounds]\nlength = "soon"', "rounds.length", "not a length of time"),
        ("[rounds]", '[rounds]\npassing = "1 %"', "rounds.passing", "1% is too small Expected: at least 2%"),
        ("[rounds]", '[rounds]\nposting = "6 %"', "rounds.posting", "6% is too large Expected: at most 5%"),
        ("[rounds]", '[rounds]\norigin = "later"', "rounds.origin", "'later' is not a moment"),
        ("[rounds]", "[rounds]\norigin = 12", "rounds.origin", "12 is not a moment"),
        (
            "[guardian]",
            '[governance]\nlate_quorum = "61 hours"\n\n[guardian]',
            "governance",
            "less than half of a vote",
        ),
        ("[guardian]", '[governance]\ntimelock = "8 days"\n\n[guardian]', "governance.timelock", "8d is too large"),
        ("[rounds]", '[campaigns]\nreview = "1 hour"\n\n[rounds]', "campaigns", "review is outside its bounds"),
        (
            "[rounds]",
            '[reputation]\nhalf_life = "10 days"\n\n[rounds]',
            "reputation.half_life",
            "10d is too small Expected: at least 90d",
        ),
        ("mock = true", "", "budget", "name one budget token"),
        ("mock = true", f'mock = true\ntoken = "{ADDRESS}"', "budget", "name one budget token"),
        ("chain_id = 31337", "chain_id = 11155111\ntestnet = true", "", "play money is for the local"),
        (ADDRESS, ADDRESS.replace("C8", "c8"), "guardian.address", "typing error"),
        (ADDRESS, "0x" + 40 * "0", "guardian.address", "the zero address cannot be used"),
        ('kind = "new"', 'kind = "old"', "token.kind", "does not name a kind of token"),
        ('kind = "new"', "", "token.kind", "does not name a kind of token"),
        ('name = "Harbour"', "", "token.name", "is missing"),
        ('supply = "1,000,000"', 'supply = "-1"', "token.supply", "is not an amount"),
    ],
)
def test_says_file_key_and_what_is_wrong(tmp_path: Path, old: str, new: str, field: str, said: str) -> None:
    file = written(tmp_path, (old, new))
    with pytest.raises(BadInput) as refused:
        load_config(file)
    error = refused.value
    assert error.exit_code == 2
    assert error.file == str(file)
    assert error.field == (field or error.field)
    assert said in str(error)


def test_says_what_would_be_right(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"rounds\.length: 7 has no unit .*with its unit"):
        load_config(written(tmp_path, ("[rounds]", "[rounds]\nlength = 7")))


def test_names_every_problem_at_once(tmp_path: Path) -> None:
    file = written(tmp_path, ("6,000", "many"), ("31337", "0"))
    with pytest.raises(BadInput) as refused:
        load_config(file)
    assert "network.chain_id" in str(refused.value)
    assert "rounds.cap" in str(refused.value)


@pytest.mark.parametrize("floor", ["passing_floor", "posting_floor", "quorum_floor", "threshold_floor"])
def test_refuses_a_wrapper_without_floors(tmp_path: Path, floor: str) -> None:
    section = f'kind = "wrap"\naddress = "{ADDRESS}"\nname = "W"\nsymbol = "W"\n'
    load_config(token(tmp_path, section))
    where = "[rounds]" if "p" in floor.split("_")[0] else "[governance]"
    change = (
        ("[rounds]", f'[rounds]\n{floor} = "0"')
        if where == "[rounds]"
        else ("[guardian]", f'[governance]\n{floor} = "0"\n\n[guardian]')
    )
    with pytest.raises(BadInput, match="the first to wrap one token would own the DAO"):
        load_config(token(tmp_path, section, change))


# ── disputes ────────────────────────────────────────────────────────────────────────────────────


def _sections(text: str) -> tuple[str, str]:
    return "[guardian]", f"{text}\n\n[guardian]"


def test_the_jury_has_room_to_rule(tmp_path: Path) -> None:
    jury = '[jury]\ncommit = "2 days"\nreveal = "3 days"'
    load_config(written(tmp_path, _sections(f'[campaigns]\narbitration = "6 days"\n{jury}')))
    short = f'[campaigns]\narbitration = "143 hours"\n{jury}'
    with pytest.raises(BadInput, match=r"campaigns\.arbitration .* before the jury can rule") as no:
        load_config(written(tmp_path, _sections(short)))
    assert "at least 6d: jury.commit, jury.reveal and a day" in str(no.value)
    # What another arbitrator needs is its own affair.
    load_config(written(tmp_path, _sections(short.replace("[jury]", f"{ARBITRATOR}\n[jury]"))))


ARBITRATOR = f'arbitrator = "{ADDRESS}"'


@pytest.mark.parametrize(
    ("section", "field", "said"),
    [
        ('[campaigns]\narbitrator_extra_data = "0x01"', "campaigns", "for another arbitrator than"),
        (
            f'[campaigns]\n{ARBITRATOR}\narbitrator_extra_data = "0x012"',
            "campaigns.arbitrator_extra_data",
            "'0x012' is no data",
        ),
        ('[campaigns]\narbitrator = "court"', "campaigns.arbitrator", "is not an address"),
        ('[campaigns]\ndispute_bond = "0.5 %"', "campaigns.dispute_bond", "at least 1%"),
        ('[jury]\nquorum = "60 %"', "jury.quorum", "at most 50%"),
        ('[jury]\ncommit = "31 days"', "jury.commit", "at most 30d"),
        ('[jury]\nreveal = "0 days"', "jury.reveal", "more than 0s"),
        ('[jury]\nmin_points = "-1"', "jury.min_points", "is not an amount"),
    ],
)
def test_says_what_is_wrong_about_disputes(tmp_path: Path, section: str, field: str, said: str) -> None:
    with pytest.raises(BadInput) as refused:
        load_config(written(tmp_path, _sections(section)))
    assert refused.value.field == field
    assert said in str(refused.value)


# ── holders ─────────────────────────────────────────────────────────────────────────────────────


def _holdings(folder: Path, rows: str) -> object:
    (folder / "local-holders.csv").write_text(rows, "utf-8")
    config = load_config(written(folder))
    assert isinstance(config.token, NewToken)
    return read_holdings(config.token, folder, 18)


@pytest.mark.parametrize(
    ("rows", "line", "said"),
    [
        ("who,what\n", 1, "the header is 'who,what', without address, tokens"),
        ("", None, "the file is empty"),
        (f"address,tokens\n{ADDRESS},1\n{ADDRESS.lower()},2\n", 3, "is listed twice, first in line 2"),
        (f"address,tokens\n{ADDRESS},0\n", 2, "a holder without tokens"),
        (f"address,tokens\n{ADDRESS},-1\n", 2, "is not an amount"),
        (f"address,tokens\n{ADDRESS}\n", 2, "the number of columns in the row is 1"),
        (f"address,tokens\n{ADDRESS},250,000\n", 2, "a number with a comma in it stands in quotes"),
        ("address,tokens\nsomebody,1\n", 2, "is not an address"),
        (f"address,tokens\n0x{40 * '0'},1\n", 2, "the zero address holds nothing"),
        ("address,tokens\n", None, "the file has no rows"),
        (f"address,tokens\n{ADDRESS},1000001\n", None, "of a supply of"),
    ],
)
def test_says_which_line_of_the_holders_is_wrong(tmp_path: Path, rows: str, line: int | None, said: str) -> None:
    with pytest.raises(BadInput) as refused:
        _holdings(tmp_path, rows)
    assert refused.value.line == line
    assert str(refused.value.file).endswith("local-holders.csv")
    assert said in str(refused.value)


def test_reads_holders_from_a_file(tmp_path: Path) -> None:
    holdings = _holdings(tmp_path, f"Tokens, Address\n1.5,{ADDRESS.lower()}\n")
    assert [(one.account, one.amount) for one in holdings] == [(ADDRESS, 15 * 10**17)]


def test_cuts_holders_into_batches() -> None:
    assert [len(batch) for batch in batches([None] * 250, 120)] == [120, 120, 10]  # type: ignore[list-item]
    assert batches([], 120) == []

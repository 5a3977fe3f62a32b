"""How a plan and a check are shown; no chain."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dmo.core.view import View
from dmo.deploy.artifacts import load_artifacts
from dmo.deploy.check import CheckReport, text_of
from dmo.deploy.concentration import Concentration, Need
from dmo.deploy.config import load_config
from dmo.deploy.contracts import contracts_needed
from dmo.deploy.facts import Facts, TokenFacts
from dmo.deploy.plan import DeployPlan
from dmo.deploy.show import plan_view, report_view

ROOT = Path(__file__).resolve().parents[2]
DEPLOYER, WHALE = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266", "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"


def shown(file: Path, concentration: Concentration) -> View:
    config = load_config(file)
    token = TokenFacts(WHALE, "TOK", 18, 10**24)
    facts = Facts(config.network.chain_id, "0x", 1, 1_800_000_000, DEPLOYER, 7, 10**9, token, token)
    plan = DeployPlan(config, facts, load_artifacts(ROOT / "build", contracts_needed(config)), file.parent)
    return plan_view(plan, concentration, file.stem)


IDEAS = Need("ideas", 4 * 10**22, is_lead=True)
NOBODY = Concentration(10**24, (IDEAS,), (), 18)


def test_a_plan_says_what_it_is_of() -> None:
    view = shown(ROOT / "config" / "local.toml", NOBODY)
    assert view.heading == "Deployment local on chain 31337"
    said = dict(view.fields)
    assert list(said) == [
        *("deployer", "votes token", "budget token", "treasury", "guardian", "supply", "rest", "round 1", "rounds"),
        "disputes",
    ]
    assert said["deployer"] == f"{DEPLOYER}, next nonce 7"
    assert said["votes token"].startswith("HRB at 0x")
    assert said["supply"] == "1,000,000 HRB: 630,000 HRB to 12 holders"
    assert said["rest"].startswith("370,000 HRB: Treasury 0x")
    assert said["round 1"].endswith("one holding period after the tokens are out, and slack")
    assert said["rounds"] == "7d long, cap 6,000 TOK, passing 4%, posting 0.1% held 3d"
    assert said["disputes"].startswith("decided by the jury within 7d: commit 3d, reveal 2d, quorum 10%; ")
    assert said["disputes"].endswith("from 18,000 points on by points")
    assert [card.heading.partition(":")[0] for card in view.cards] == [f"Nonce {nonce}" for nonce in range(7, 32)]
    (cost,) = view.texts
    assert cost.startswith("25 transactions, about ")
    assert cost.endswith(" ETH at today's gas price of 1 gwei.")


def carried(view: View) -> dict[str, list[str]]:
    """What each step carries, by its title."""
    return {card.heading.partition(": ")[2]: dict(card.fields).get("with", "").split("\n") for card in view.cards}


def test_a_plan_is_in_peoples_units_and_words() -> None:
    view = shown(ROOT / "config" / "local.toml", NOBODY)
    with_, said = carried(view), dict(view.fields)
    assert "supply: 1,000,000 HRB" in with_["create HolderToken"]
    assert "min delay: 2d" in with_["create Treasury"]
    assert "settings, quorum floor: 6,300 HRB" in with_["create HolderGovernor"]
    assert "frame, min points: 18,000 points" in with_["create Jury"]
    assert "first terms, measures, dispute bond: 10%" in with_["create DisputeDesk"]
    assert "rules, cap: 6,000 TOK" in with_["create IdeaBoard"]
    handed = with_["tokens to 13 accounts"]
    assert len(handed) == 13
    assert handed[0] == f"80,000 HRB: {WHALE}"
    assert handed[-1] == said["rest"]
    roles = with_["roles set, deployer's role renounced"]
    assert "CampaignEscrow.halt: open to guardian" in roles
    assert f"guardian (role 3): guardian {WHALE}" in roles
    assert roles[-1] == f"the deployer {DEPLOYER} gives up its rights"
    # Nothing that a person would have to look up or count.
    numbers = [line for lines in with_.values() for line in lines if re.search(r"(?<!0x)\b\d{5,}\b(?! s into)", line)]
    assert numbers == []


def test_a_name_says_why_an_address_stands_where_it_stands(tmp_path: Path) -> None:
    """The deployer may be the guardian, too: the supply goes to the deployer all the same."""
    text = (ROOT / "config" / "local.toml").read_text("utf-8")
    (tmp_path / "local-holders.csv").write_bytes((ROOT / "config" / "local-holders.csv").read_bytes())
    (tmp_path / "own.toml").write_text(text.replace(WHALE, DEPLOYER), "utf-8")
    with_ = carried(shown(tmp_path / "own.toml", NOBODY))
    assert f"recipient: deployer {DEPLOYER}" in with_["create HolderToken"]
    assert f"initial admin: deployer {DEPLOYER}" in with_["create AccessManager"]
    assert f"guardian (role 3): guardian {DEPLOYER}" in with_["roles set, deployer's role renounced"]


def test_a_wrapper_is_called_by_its_own_symbol() -> None:
    file = ROOT / "config" / "examples" / "wrap-op-sepolia.toml"
    view, symbol = shown(file, NOBODY), load_config(file).token.symbol
    said = dict(view.fields)
    assert said["votes token"].startswith(f"{symbol} at ")
    assert said["wrapped"] == f"TOK at {WHALE}"
    assert f"settings, proposal floor: 1,000 {symbol}" in carried(view)["create HolderGovernor"]


def test_of_many_holders_the_sum_is_told(tmp_path: Path) -> None:
    rows = "".join(f"0x{number:040x},2\n" for number in range(1000, 1060))
    (tmp_path / "local-holders.csv").write_text(f"address,tokens\n{rows}", "utf-8")
    (tmp_path / "many.toml").write_bytes((ROOT / "config" / "local.toml").read_bytes())
    told, rest = carried(shown(tmp_path / "many.toml", NOBODY))["tokens to 61 accounts"]
    assert told == "120 HRB: 60 accounts of the list, each as it stands there"
    assert rest.startswith("999,880 HRB: Treasury 0x")


def test_a_plan_leaves_out_what_is_not_so(tmp_path: Path) -> None:
    for file in sorted((ROOT / "config" / "examples").glob("*.toml")):
        kind = load_config(file).token.kind
        if kind == "new":
            continue  # its founder has yet to write the holders' list
        said = dict(shown(file, NOBODY).fields)
        assert said["votes token"].endswith(f" ({kind})")
        assert not {"supply", "rest"} & said.keys()
    text = (ROOT / "config" / "local.toml").read_text("utf-8")
    (tmp_path / "local-holders.csv").write_bytes((ROOT / "config" / "local-holders.csv").read_bytes())
    file = tmp_path / "other.toml"
    file.write_text(f'[campaigns]\narbitrator = "{WHALE}"\n\n{text}', "utf-8")
    (said,) = (text for label, text in shown(file, NOBODY).fields if label == "disputes")
    assert said == f"decided by {WHALE} within 7d, which campaigns then have to trust"


@pytest.mark.parametrize(("votes", "told"), [(6 * 10**23, "even if everybody else"), (10**23, "where nobody opposes")])
def test_a_plan_ends_with_its_warnings(votes: int, told: str) -> None:
    view = shown(ROOT / "config" / "local.toml", Concentration(10**24, (IDEAS,), ((WHALE, votes),), 18, "HRB"))
    assert view.texts[-2].startswith("Warning: Ideas pass with 40,000 HRB. Alone, ")
    assert told in view.texts[-2]
    assert view.texts[-1] == f"  {WHALE}  {votes // 10**18:,} HRB, {votes // 10**22} %"


def test_a_check_marks_what_differs() -> None:
    report = CheckReport(notes=["Proposal 1 waits."])
    report.compare("code", "Lens: address", WHALE, WHALE)
    report.compare("roles", "members", {}, {WHALE: 0})
    (differs,) = report_view(report, "local").tables[0].rows
    view = report_view(report, "local", is_whole=True)
    assert view.heading == "Check of local"
    assert view.tables[0].rows[1] == differs
    assert view.tables[0].rows == (
        ("ok", "code", "Lens: address", WHALE, "same"),
        ("DIFFERS", "roles", "members", "none", f"{WHALE}: 0"),
    )
    assert view.texts == ("Proposal 1 waits.",)


def test_values_are_told_however_nested() -> None:
    value = {"to": [WHALE, b"\x01"], "how": {"much": 1, "none": []}}
    assert text_of(value) == f"how: much: 1, none: none, to: {WHALE}, 0x01"

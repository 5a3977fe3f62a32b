"""How a plan and a check are shown; no chain."""

from __future__ import annotations

from pathlib import Path

import pytest

from dmo.core.view import View
from dmo.deploy.artifacts import load_artifacts
from dmo.deploy.check import CheckReport, text_of
from dmo.deploy.concentration import Concentration
from dmo.deploy.config import load_config
from dmo.deploy.facts import Facts, TokenFacts
from dmo.deploy.plan import DeployPlan, contracts_needed
from dmo.deploy.show import plan_view, report_view

ROOT = Path(__file__).resolve().parents[2]
DEPLOYER, WHALE = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266", "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"


def shown(file: Path, concentration: Concentration) -> View:
    config = load_config(file)
    token = TokenFacts(WHALE, "TOK", 18, 10**24)
    facts = Facts(config.network.chain_id, "0x", 1, 1_800_000_000, DEPLOYER, 7, 10**9, token, token)
    plan = DeployPlan(config, facts, load_artifacts(ROOT / "build", contracts_needed(config)), file.parent)
    return plan_view(plan, concentration, file.stem)


NOBODY = Concentration(10**24, 4 * 10**22, 400, (), 18)


def test_a_plan_says_what_it_is_of() -> None:
    view = shown(ROOT / "config" / "local.toml", NOBODY)
    assert view.heading == "Deployment local on chain 31337"
    said = dict(view.fields)
    assert list(said) == [
        *("deployer", "votes token", "budget token", "treasury", "guardian", "supply", "rest", "round 1", "rounds"),
        "disputes",
    ]
    assert said["deployer"] == f"{DEPLOYER}, next nonce 7"
    assert said["supply"] == "1,000,000: 630,000 to 12 holders"
    assert said["rest"].startswith("370,000 to 0x")
    assert said["round 1"].endswith("one holding period after the tokens are out, and slack")
    assert said["rounds"] == "7d long, cap 6,000 TOK, passing 4%, posting 0.1% held 3d"
    assert said["disputes"].startswith("decided by the jury within 7d: commit 3d, reveal 2d, quorum 10%; ")
    (steps,) = view.tables
    assert [row[0] for row in steps.rows] == [str(nonce) for nonce in range(7, 21)]
    assert steps.rows[-1][3].splitlines()[-1] == "renounceRole(0, deployer)"
    (cost,) = view.texts
    assert cost.startswith("14 transactions, about 33,")
    assert cost.endswith(" at today's gas price.")


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


@pytest.mark.parametrize(("votes", "told"), [(6 * 10**23, "even if everybody else"), (10**23, "nobody opposes")])
def test_a_plan_ends_with_its_warnings(votes: int, told: str) -> None:
    view = shown(ROOT / "config" / "local.toml", Concentration(10**24, 4 * 10**22, 400, ((WHALE, votes),), 18))
    assert view.texts[-1].startswith(f"Warning: {WHALE} holds ")
    assert told in view.texts[-1]


def test_a_check_marks_what_differs() -> None:
    report = CheckReport(notes=["Proposal 1 waits."])
    report.compare("code", "Lens: address", WHALE, WHALE)
    report.compare("roles", "members", {}, {WHALE: 0})
    view = report_view(report, "local")
    assert view.heading == "Check of local"
    assert view.tables[0].rows == (
        ("ok", "code", "Lens: address", WHALE, "same"),
        ("DIFFERS", "roles", "members", "none", f"{WHALE}: 0"),
    )
    assert view.texts == ("Proposal 1 waits.",)


def test_values_are_told_however_nested() -> None:
    value = {"to": [WHALE, b"\x01"], "how": {"much": 1, "none": []}}
    assert text_of(value, {WHALE: "whale"}) == "how: much: 1, none: none, to: whale, 0x01"

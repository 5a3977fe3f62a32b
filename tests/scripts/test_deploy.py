"""Deploying: what is there afterwards, by whom, and the script.

deploy
  given a new token
    when everything goes well -> test_writes_the_address_book, test_hands_out_every_token,
                                 test_the_book_alone_tells_explorers_every_argument,
                                 test_leaves_the_deployer_nothing,
                                 test_first_round_opens_a_holding_period_after_the_tokens
    when disputes are the jury's -> test_the_terms_name_the_jury_and_its_question
    when there are many holders -> test_serves_1739_holders_in_batches
  given another arbitrator
    when it is one -> test_names_another_arbitrator
  given a chain where money is real -> test_asks_before_real_money_and_says_unaudited
  given a key instead of an account of the node -> test_deploys_with_a_key
  given a build folder behind the sources -> test_refuses_stale_code
the script
  when it ends well -> test_script_deploys_and_check_agrees
  when on the chain of `make play` -> test_script_wires_a_deployment_on_the_play_chain
  when a config is missing -> test_script_exits_with_2_on_bad_input
"""

from __future__ import annotations

import dataclasses
import json
import re
from hashlib import sha256
from types import SimpleNamespace

import pytest
from eth_account import Account

from dmo.core import words as said
from dmo.core.chain import Chain
from dmo.core.errors import BadInput
from dmo.deploy.artifacts import creation_input
from dmo.deploy.check import check_deployment
from dmo.deploy.contracts import meta_evidence
from dmo.deploy.run import DeployRun
from dmo.deploy.sender import KeyDeploySender, UnlockedSender
from dmo.deploy.verify import verifications
from tests.support.cli_chain import anvil
from tests.support.deployments import (
    DAY,
    ROOT,
    STEPS,
    TREASURY_REST,
    DyingSender,
    Killed,
    act_as,
    balance,
    bend,
    require_told,
)

# ── a new token ─────────────────────────────────────────────────────────────────────────────────


def test_writes_the_address_book(prepare, sender, node, folder):
    book = prepare().send(sender)

    assert json.loads((folder / "local.json").read_text())["schema"] == "dmo.deployment/1"
    assert set(book.contracts) == {
        "AccessManager",
        "BudgetToken",
        "CampaignEscrow",
        "ContentRegistry",
        "DisputeDesk",
        "DocumentLog",
        "HolderGovernor",
        "HolderToken",
        "IdeaBoard",
        "Jury",
        "Lens",
        "NeedsBoard",
        "Reputation",
        "Treasury",
    }
    for contract in book.contracts.values():
        assert node.code(contract.address)
        receipt = node.receipt(contract.tx)
        assert (receipt.contract_address, receipt.block) == (contract.address, contract.block)
        assert contract.input_json["language"] == "Solidity"


def test_the_book_alone_tells_explorers_every_argument(prepare, sender, node, folder, fresh_code):
    book = prepare().send(sender)

    found = verifications(book, folder)
    assert {one.name for one in found} == set(book.contracts) - {"BudgetToken"}
    for one in found:
        sent = node.transport.request("eth_getTransactionByHash", [one.creation_tx])["input"]
        creation = fresh_code[one.name].creation + one.arguments
        assert sent == "0x" + creation.hex(), one.name


def test_hands_out_every_token(prepare, sender, node):
    run = prepare()
    run.send(sender)

    assert len(run.plan.holdings) == 12
    for holding in run.plan.holdings:
        assert balance(node, run, holding.account) == holding.amount
    assert balance(node, run, run.plan.treasury) == TREASURY_REST
    assert balance(node, run, sender.address) == 0


def test_leaves_the_deployer_nothing(prepare, sender, node):
    run = prepare()
    book = run.send(sender)

    manager = book.contracts["AccessManager"].address
    for role in range(9):
        assert node.call("AccessManager", manager, "hasRole", role, sender.address)[0] is False
    timelock = book.contracts["Treasury"].address
    for role in ("DEFAULT_ADMIN_ROLE", "PROPOSER_ROLE", "CANCELLER_ROLE", "EXECUTOR_ROLE"):
        key = node.call("Treasury", timelock, role)
        assert node.call("Treasury", timelock, "hasRole", key, sender.address) is False


def test_first_round_opens_a_holding_period_after_the_tokens(prepare, sender, node):
    run = prepare()
    book = run.send(sender)

    born = node.block(run.journal.steps["create/Reputation"].block).timestamp
    origin, length = node.call("IdeaBoard", book.contracts["IdeaBoard"].address, "frame")[:2]
    assert origin == run.journal.origin
    assert born + 3 * DAY + 3600 - 60 <= origin <= born + 3 * DAY + 3600
    at = book.contracts["Reputation"].address
    assert (node.call("Reputation", at, "phase"), node.call("Reputation", at, "roundSeconds")) == (
        origin % length,
        length,
    )


def test_serves_1739_holders_in_batches(folder, accounts, other_chain):
    node = Chain.connect(other_chain)
    sender = UnlockedSender(node, str(accounts[0]))

    def prepare() -> DeployRun:
        return DeployRun.prepare(node, folder / "local.toml", sender.address, ROOT, folder)

    rows = [f"0x{number:040x},{1 + number % 997}.5\n" for number in range(10**6, 10**6 + 1739)]
    (folder / "local-holders.csv").write_text("address,tokens\n" + "".join(rows))
    run = prepare()
    batches = len(run.plan.batches)
    assert batches == -(-1740 // 120)
    with pytest.raises(Killed):
        run.send(DyingSender(sender, 10 + batches // 2, is_broadcast=True))

    run = prepare()
    run.send(sender)

    assert node.nonce(sender.address) == run.plan.first_nonce + len(run.plan.steps)
    for holding in (run.plan.holdings[0], run.plan.holdings[870], run.plan.holdings[-1]):
        assert balance(node, run, holding.account) == holding.amount
    total = sum(row.amount for row in run.plan.holdings)
    assert balance(node, run, run.plan.treasury) == run.plan.supply - total
    assert balance(node, run, sender.address) == 0
    gas = [e.gas_used for key, e in run.journal.steps.items() if key.startswith("holders/")]
    assert max(gas) < 2**24  # what Ethereum lets one transaction use
    require_told("one of 1,739 holders, in a batch of 120", sum(gas) // 1740)


# ── senders and code ────────────────────────────────────────────────────────────────────────────


def test_deploys_with_a_key(folder, fresh_code, other_chain):
    node, key = Chain.connect(other_chain), Account.from_key("0x" + 63 * "0" + "7")
    node.transport.request("anvil_setBalance", [key.address, hex(10**20)])
    run = DeployRun.prepare(node, folder / "local.toml", key.address, ROOT, folder, fresh_code)

    book = run.send(KeyDeploySender(node, key))

    assert node.nonce(key.address) == STEPS
    assert check_deployment(node, folder / "local.toml", book, ROOT, fresh_code).differences == []


def test_refuses_stale_code(prepare, fresh_code, monkeypatch):
    run = prepare()
    board = fresh_code["IdeaBoard"]
    newer = {**fresh_code, "IdeaBoard": dataclasses.replace(board, creation=b"newer")}
    monkeypatch.setattr("dmo.deploy.run.recompile", lambda *_: fresh_code)
    run.require_fresh()

    monkeypatch.setattr("dmo.deploy.run.recompile", lambda *_: newer)
    with pytest.raises(BadInput, match="build/ is behind the sources of IdeaBoard"):
        run.require_fresh()


# ── refusals and warnings ───────────────────────────────────────────────────────────────────────


def test_names_another_arbitrator(prepare, sender, node, folder, fresh_code):
    """Any ERC-792 arbitrator; here the jury of a first deployment, which costs nothing."""
    court = prepare().send(sender).contracts["Jury"].address
    (folder / "local.journal.json").unlink()
    bend(
        folder / "local.toml",
        "[guardian]",
        f'[campaigns]\narbitrator = "{court}"\narbitrator_extra_data = "0x00ff"\n\n[guardian]',
    )

    book = prepare().send(sender)

    desk, jury = book.contracts["DisputeDesk"].address, book.contracts["Jury"].address
    terms = node.call("DisputeDesk", desk, "termsOf", 1)
    assert terms[1:] == (court, False, sha256(meta_evidence()).digest(), b"\x00\xff")
    assert jury != court
    assert check_deployment(node, folder / "local.toml", book, ROOT, fresh_code).differences == []


def test_the_terms_name_the_jury_and_its_question(prepare, sender, node):
    book = prepare().send(sender)

    desk, jury = book.contracts["DisputeDesk"].address, book.contracts["Jury"].address
    terms = node.call("DisputeDesk", desk, "termsOf", 1)
    assert terms[1:] == (jury, True, sha256(meta_evidence()).digest(), b"")
    frame = node.call("Jury", jury, "juryFrame")
    reputation = book.contracts["Reputation"].address
    # From the points of three full rounds on; the floor: a tenth of a tenth of what can vote.
    assert frame == (reputation, 18_000 * 10**18, 3 * DAY, 2 * DAY, 1_000, 6_300 * 10**18, 3 * DAY)
    assert node.call("Jury", jury, "isAdmitted", desk) is True


def test_asks_before_real_money_and_says_unaudited(folder, fresh_code, monkeypatch, capsys):
    from scripts import deploy

    answers = iter(["y\n", "no\n", "yes\n"])
    with anvil(1) as (node, _):
        account = str(node.transport.request("eth_accounts", [])[0])
        code = creation_input(fresh_code["Stablecoin"], {"name": "Dollar", "symbol": "USD", "decimals": 6})
        token = act_as(node, account, None, code).contract_address
        bend(folder / "local.toml", "chain_id = 31337", "chain_id = 1")
        bend(folder / "local.toml", "mock = true", f'token = "{token}"')
        for name, value in {
            "DEPLOYMENTS": folder,
            "this_chain": lambda: node,
            "sending_account": lambda: SimpleNamespace(address=account),
            "confirmations": lambda _: 1,
            "deploy_sender": lambda _, __: UnlockedSender(node, account),
        }.items():
            monkeypatch.setattr(deploy, name, value)
        monkeypatch.setattr(DeployRun, "require_fresh", lambda _: None)
        monkeypatch.setattr("sys.stdin", SimpleNamespace(isatty=lambda: True, readline=lambda: next(answers)))
        monkeypatch.delenv("DMO_YES", raising=False)

        with pytest.raises(SystemExit) as ended:
            deploy.main(str(folder / "local.toml"))
        assert ended.value.code == 1
        assert node.nonce(account) == 1
        shown = capsys.readouterr()
        question = "Send this to chain 1, unaudited and with real money? Type yes: "
        assert shown.err.startswith(question + said.word("screen", "ask_again"))
        assert "Nothing was sent" in shown.err
        words = " ".join(shown.out.replace("│", " ").split())
        assert said.word("deploy", "real_money").format(chain_id=1) in words
        assert "could drain a round" in words

        deploy.main(str(folder / "local.toml"))
        assert node.nonce(account) == STEPS
    shown = capsys.readouterr()
    assert shown.err.startswith(question)
    assert f"Deployed in {STEPS - 1} transactions" in shown.out


# ── the script ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rehearsed
def test_script_deploys_and_check_agrees(folder, fresh_code, monkeypatch, capsys):
    from scripts import check, deploy

    monkeypatch.setattr(deploy, "BUILD", folder)
    monkeypatch.setattr(check, "DEPLOYMENTS", folder / "deployments")
    deploy.main(str(folder / "local.toml"))
    said = capsys.readouterr().out
    gas = re.search(rf"Deployed in {STEPS} transactions, ([\d,]+) gas", said)
    assert gas
    require_told(f"the local example without its optional rooms: {STEPS} transactions", int(gas[1].replace(",", "")))
    # That chain ends with the script: what is advised has to be true there.
    assert "make play" in said
    assert "run check" not in said

    deploy.main(str(folder / "local.toml"))
    said = capsys.readouterr().out
    assert f"Going on: {STEPS} of {STEPS} steps are done." in said
    assert "Already deployed; nothing was sent." in said
    assert "Rehearsed" not in said

    monkeypatch.setattr("dmo.deploy.run.load_artifacts", lambda *_: fresh_code)
    monkeypatch.setattr("dmo.deploy.check.recompile", lambda *_: fresh_code)


def test_script_wires_a_deployment_on_the_play_chain(prepare, folder, tmp_path, monkeypatch):
    """Any of them, so that `dmo` finds the node, the people and their password as for the first one there."""
    from scripts import _common, deploy

    monkeypatch.setattr(deploy.network, "show_active", lambda: "play")
    monkeypatch.setattr(_common, "DEPLOYMENTS", tmp_path)
    (tmp_path / "play.local.json").write_text('{"rpc": "http://127.0.0.1:5"}')
    said = deploy._told(prepare(), "local")
    assert said.endswith("./brownie run check main local --network play")
    assert (folder / "local.local.json").read_text() == '{"rpc": "http://127.0.0.1:5"}'


def test_script_exits_with_2_on_bad_input(capsys):
    from scripts import deploy

    with pytest.raises(SystemExit) as ended:
        deploy.main("nothing-here")
    assert ended.value.code == 2
    assert "there is no such file" in capsys.readouterr().err

"""Deploying: once, twice, killed and gone on with, refused.

deploy
  given a new token
    when everything goes well -> test_writes_the_address_book, test_hands_out_every_token,
                                 test_the_book_alone_tells_explorers_every_argument,
                                 test_leaves_the_deployer_nothing,
                                 test_first_round_opens_a_holding_period_after_the_tokens
    when disputes are the jury's -> test_the_terms_name_the_jury_and_its_question
    when there are many holders -> test_serves_1739_holders_in_batches
  given a finished deployment
    when it is run again -> test_deploying_twice_equals_deploying_once
  given a deployment that was killed
    when before a step was broadcast, or after, or before it was noted -> test_goes_on_after_a_kill
    when by the operating system -> test_goes_on_after_sigkill
    when the config, the code or the account has changed -> test_refuses_another_journal
    when the local chain is a new one -> test_begins_anew_on_a_new_local_chain
  given somebody else uses the deployer's account -> test_stops_when_the_account_was_used
  given a creation fails
    when others rely on its address -> test_stops_when_a_pinned_creation_fails
    when nobody does -> test_tries_an_unpinned_creation_again
  given an existing votes token
    when it counts seconds -> test_takes_a_votes_token_in_seconds
    when an excluded account lends its votes -> test_excluded_accounts_of_a_votes_token_lend_no_votes
    when it counts blocks -> test_refuses_a_votes_token_in_blocks
    when there is no contract -> test_refuses_an_address_without_a_token
  given a token to wrap -> test_wraps_a_token_with_floors
  given an origin
    when it is too early for the holders -> test_refuses_an_early_origin
    when it is no whole number of rounds from the one that points were created for
      -> test_refuses_an_origin_between_two_rounds
  given tokens that are out too late for the chosen origin
    it moves by whole rounds -> test_an_origin_that_the_tokens_miss_moves_by_whole_rounds
  given another chain than the config names -> test_refuses_the_wrong_chain
  given another arbitrator
    when it is one -> test_names_another_arbitrator
    when it is none -> test_refuses_what_is_no_arbitrator
  given a chain where money is real -> test_asks_before_real_money_and_says_unaudited
  given a key instead of an account of the node -> test_deploys_with_a_key
  given a build folder behind the sources -> test_refuses_stale_code
the plan
  given large holders -> test_warns_of_holders_who_could_drain_a_round
the script
  when it ends well -> test_script_deploys_and_check_agrees
  when on the chain of `make play` -> test_script_wires_a_deployment_on_the_play_chain
  when a config is missing -> test_script_exits_with_2_on_bad_input
"""

from __future__ import annotations

import dataclasses
import json
import signal
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace

import pytest
from eth_account import Account

from dmo.core import words as said
from dmo.core.chain import Chain
from dmo.core.errors import BadInput, DmoError, WrongChain
from dmo.deploy.artifacts import creation_input
from dmo.deploy.check import check_deployment
from dmo.deploy.concentration import measure
from dmo.deploy.journal import Journal
from dmo.deploy.plan import meta_evidence
from dmo.deploy.run import DeployRun, Executor
from dmo.deploy.sender import KeyDeploySender, UnlockedSender
from dmo.deploy.verify import verifications
from tests.support.cli_chain import anvil
from tests.support.deployments import ROOT, DyingSender, Killed, StingySender, act_as, bend

STEPS = 14
TREASURY_REST = 370_000 * 10**18
DAY = 86_400


def balance(node: Chain, run: DeployRun, account: str) -> int:
    return int(node.call("HolderToken", run.plan.votes_token, "balanceOf", account))


# ── a new token ─────────────────────────────────────────────────────────────────────────────────


def test_writes_the_address_book(prepare, sender, node, folder):
    book = prepare().send(sender)

    assert json.loads((folder / "local.json").read_text())["schema"] == "dmo.deployment/1"
    assert set(book.contracts) == {
        "AccessManager",
        "BudgetToken",
        "CampaignEscrow",
        "DisputeDesk",
        "DocumentLog",
        "HolderGovernor",
        "HolderToken",
        "IdeaBoard",
        "Jury",
        "Lens",
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
    for role in range(5):
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


def test_serves_1739_holders_in_batches(folder, accounts, other_chain, capsys):
    node = Chain.connect(other_chain)
    sender = UnlockedSender(node, str(accounts[0]))

    def prepare() -> DeployRun:
        return DeployRun.prepare(node, folder / "local.toml", sender.address, ROOT, folder)

    rows = [f"0x{number:040x},{1 + number % 997}.5\n" for number in range(10**6, 10**6 + 1739)]
    (folder / "local-holders.csv").write_text("address,tokens\n" + "".join(rows))
    begun = time.monotonic()
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
    with capsys.disabled():
        print(
            f"\n1,739 holders: {batches} batches, {sum(gas):,} gas, {sum(gas) // 1740:,} each;"
            f" whole deployment {time.monotonic() - begun:.1f} s"
        )


# ── again, and after a kill ─────────────────────────────────────────────────────────────────────


def test_deploying_twice_equals_deploying_once(prepare, sender, node, folder):
    prepare().send(sender)
    nonce, book = node.nonce(sender.address), (folder / "local.json").read_bytes()
    journal = (folder / "local.journal.json").read_bytes()

    prepare().send(sender)

    assert node.nonce(sender.address) == nonce
    assert (folder / "local.json").read_bytes() == book
    assert (folder / "local.journal.json").read_bytes() == journal


@pytest.mark.parametrize("moment", ["before", "after", "unnoted"])
def test_goes_on_after_a_kill(prepare, sender, node, monkeypatch, moment):
    """Each of the steps is where one run dies."""
    first, planned = node.nonce(sender.address), prepare().plan.addresses
    finish = Executor._finish
    for step in range(STEPS):
        run = prepare()
        assert len(run.plan.steps) == STEPS
        dying, patched = sender, finish
        if moment == "before":
            dying = DyingSender(sender, step - run.steps_done, is_broadcast=False)
        elif moment == "after":  # what was broadcast is found, and not sent again
            dying = DyingSender(sender, 0, is_broadcast=True)
        else:
            patched = _die_in(finish, run.plan.steps[step].key)
        with monkeypatch.context() as patch:
            patch.setattr(Executor, "_finish", patched)
            with pytest.raises(Killed):
                run.send(dying)
        assert node.nonce(sender.address) == first + step + (moment != "before")

    book = prepare().send(sender)

    assert node.nonce(sender.address) == first + STEPS
    assert {run.plan.book_name(name): at for name, at in planned.items()} == {
        name: contract.address for name, contract in book.contracts.items()
    }
    assert balance(node, run, run.plan.treasury) == TREASURY_REST
    assert balance(node, run, sender.address) == 0


def _die_in(finish, key: str):
    def die(executor, step, entry, receipt):
        if step.key == key:
            raise Killed
        return finish(executor, step, entry, receipt)

    return die


PROCESS = """
import sys, time
from pathlib import Path
from dmo.core.chain import Chain
from dmo.deploy.run import DeployRun
from dmo.deploy.sender import KeyDeploySender, UnlockedSender

class Slow(UnlockedSender):
    def send(self, to, data, nonce):
        time.sleep(0.05)
        tx = super().send(to, data, nonce)
        time.sleep(0.05)
        return tx

url, file, root, account = sys.argv[1:]
chain = Chain.connect(url)
run = DeployRun.prepare(chain, Path(file), account, Path(root), Path(file).parent)
run.send(Slow(chain, account))
"""


def test_goes_on_after_sigkill(folder, accounts, other_chain):
    url, account = other_chain, str(accounts[0])
    node = Chain.connect(url)
    command = [sys.executable, "-c", PROCESS, url, folder / "local.toml", ROOT, account]
    journal = folder / "local.journal.json"
    kills = 0
    for wanted in (2, 6, 9, 13):
        process = subprocess.Popen(command, cwd=ROOT)
        while process.poll() is None and _noted(journal) < wanted:
            time.sleep(0.01)
        time.sleep(0.03 * kills)  # a little later into the step each time
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            kills += 1
        process.wait()
    assert kills == 4

    subprocess.run(command, cwd=ROOT, check=True)

    run = DeployRun.prepare(node, folder / "local.toml", account, ROOT, folder)
    assert run.journal.finished
    assert node.nonce(account) == STEPS
    assert balance(node, run, run.plan.treasury) == TREASURY_REST
    assert balance(node, run, account) == 0


def _noted(path: Path) -> int:
    journal = Journal.load(path)
    return len(journal.steps) if journal else 0


def test_refuses_another_journal(prepare, sender, folder, accounts):
    with pytest.raises(Killed):
        prepare().send(DyingSender(sender, 3, is_broadcast=False))

    with pytest.raises(BadInput, match=f"was begun by {sender.address}"):
        prepare(accounts[1])
    bend(folder / "local.toml", "6,000", "7,000")
    with pytest.raises(BadInput, match="another config, holders' list or code"):
        prepare()


def test_begins_anew_on_a_new_local_chain(prepare, sender, node, folder):
    run = prepare()
    run.send(sender)
    run.journal.genesis = "0x" + 64 * "1"
    run.journal.save(run.journal_path)

    again = prepare()

    assert again.steps_done == 0
    assert again.plan.first_nonce == node.nonce(sender.address)


def test_stops_when_the_account_was_used(prepare, sender, accounts, node):
    run = prepare()
    with pytest.raises(Killed):
        run.send(DyingSender(sender, 3, is_broadcast=False))
    act_as(node, sender.address, str(accounts[1]), b"")

    with pytest.raises(DmoError, match="used nonce 3 for something else"):
        prepare().send(sender)


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


# ── failures on the chain ───────────────────────────────────────────────────────────────────────


def test_stops_when_a_pinned_creation_fails(prepare, node, accounts, sender):
    with pytest.raises(DmoError, match="HolderGovernor could not be created"):
        prepare().send(StingySender(node, str(accounts[0]), 4))
    with pytest.raises(DmoError, match="has sent something else meanwhile"):
        prepare().send(sender)


def test_tries_an_unpinned_creation_again(prepare, sender, node, accounts):
    with pytest.raises(DmoError, match=r"create IdeaBoard: the transaction .* was refused"):
        prepare().send(StingySender(node, str(accounts[0]), 11))

    book = prepare().send(sender)

    assert node.nonce(sender.address) == STEPS + 1
    assert node.call("IdeaBoard", book.contracts["IdeaBoard"].address, "currentRound") == 0
    lens = book.contracts["Lens"].address
    assert node.call("Lens", lens, "board") == book.contracts["IdeaBoard"].address


# ── existing tokens ─────────────────────────────────────────────────────────────────────────────


def _token_section(folder: Path, section: str) -> None:
    file = folder / "local.toml"
    text = file.read_text("utf-8")
    start, end = text.index("[token]"), text.index("[budget]")
    file.write_text(f"{text[:start]}[token]\n{section}\n\n{text[end:]}", "utf-8")


def test_takes_a_votes_token_in_seconds(prepare, sender, node, folder, accounts, fresh_code, plain_votes):
    token = plain_votes.deploy(True, {"from": accounts[9]})
    token.mint(accounts[5], 10**24, {"from": accounts[9]})
    token.delegate(accounts[5], {"from": accounts[5]})
    _token_section(folder, f'kind = "votes"\naddress = "{token.address}"')

    run = prepare()
    book = run.send(sender)

    assert book.contracts["VotesToken"].address == token.address
    assert measure(node, run.plan).alone["ideas"] == [(str(accounts[5]), 10**24)]
    assert check_deployment(node, folder / "local.toml", book, ROOT, fresh_code).differences == []


@pytest.mark.attack("excluded-account-lends")
def test_excluded_accounts_of_a_votes_token_lend_no_votes(
    prepare, sender, node, folder, accounts, fresh_code, plain_votes
):
    """Neither before a deployment, which refuses, nor after it, which `check` tells."""
    fund = str(accounts[6])
    token = plain_votes.deploy(True, {"from": accounts[9]})
    token.mint(fund, 10**24, {"from": accounts[9]})
    token.mint(accounts[4], 10**24, {"from": accounts[9]})
    _token_section(folder, f'kind = "votes"\naddress = "{token.address}"\nexcluded = ["{fund}"]')
    with pytest.raises(BadInput, match=f"token.excluded: {fund} shall be without votes, but 0x0000"):
        prepare()
    token.delegate(accounts[5], {"from": fund})
    with pytest.raises(BadInput, match=f"but {accounts[5]} votes for it"):
        prepare()
    token.delegate(fund, {"from": fund})

    book = prepare().send(sender)
    assert check_deployment(node, folder / "local.toml", book, ROOT, fresh_code).differences == []

    token.delegate(accounts[5], {"from": fund})
    (found,) = check_deployment(node, folder / "local.toml", book, ROOT, fresh_code).differences
    assert found.subject == "VotesToken: excluded accounts that lend their votes"
    assert found.found == f"{fund}: {accounts[5]}"


def test_refuses_a_votes_token_in_blocks(prepare, folder, accounts, plain_votes):
    token = plain_votes.deploy(False, {"from": accounts[9]})
    _token_section(folder, f'kind = "votes"\naddress = "{token.address}"')

    with pytest.raises(BadInput, match=r"mode=blocknumber.*mode=timestamp"):
        prepare()


def test_refuses_an_address_without_a_token(prepare, folder, accounts):
    _token_section(folder, f'kind = "votes"\naddress = "{accounts[9]}"')

    with pytest.raises(BadInput, match=r"token\.address: there is no contract"):
        prepare()


def test_wraps_a_token_with_floors(prepare, sender, node, folder, accounts, fresh_code, stablecoin):
    under = stablecoin.deploy("Old coin", "OLD", 8, {"from": accounts[9]})
    under.mint(accounts[5], 10**14, {"from": accounts[9]})
    _token_section(folder, f'kind = "wrap"\naddress = "{under.address}"\nname = "Held coin"\nsymbol = "hOLD"')

    run = prepare()
    book = run.send(sender)

    frame = node.call("IdeaBoard", book.contracts["IdeaBoard"].address, "frame")
    assert frame[3:] == (10**14 // 10 * 4 // 100, 10**14 // 10 // 1000)
    wrapper = book.contracts["VotesWrapper"].address
    assert node.call("VotesWrapper", wrapper, "underlying") == under.address
    assert measure(node, run.plan).alone["proposals"] == [(str(accounts[5]), 10**14)]
    assert check_deployment(node, folder / "local.toml", book, ROOT, fresh_code).differences == []


# ── refusals and warnings ───────────────────────────────────────────────────────────────────────


def test_refuses_an_early_origin(prepare, sender, node, folder):
    early = node.now() + 2 * DAY
    bend(folder / "local.toml", "[rounds]", f'[rounds]\norigin = "{early}"')

    with pytest.raises(BadInput, match="before holders could post"):
        prepare().send(sender)
    assert node.nonce(sender.address) == 0

    bend(folder / "local.toml", f'"{early}"', f'"{early + 2 * DAY}"')
    run = prepare()
    run.send(sender)
    assert run.journal.origin == early + 2 * DAY


def test_an_origin_that_the_tokens_miss_moves_by_whole_rounds(prepare, sender, node, monkeypatch):
    """The run stops before the holders get their tokens, for nine days; points began before that."""
    monkeypatch.setattr(Executor, "_do", stop_at("holders/1"))
    with pytest.raises(Killed):
        prepare().send(sender)
    monkeypatch.undo()
    first = prepare().journal.origin
    node.transport.request("evm_increaseTime", [9 * DAY])
    node.transport.request("evm_mine", [])

    run = prepare()
    book = run.send(sender)
    assert run.journal.origin == first + 14 * DAY
    assert node.call("IdeaBoard", book.contracts["IdeaBoard"].address, "frame")[0] == run.journal.origin
    assert node.call("Reputation", book.contracts["Reputation"].address, "phase") == first % (7 * DAY)


def test_refuses_an_origin_between_two_rounds(prepare, sender, folder, monkeypatch):
    """The config names another origin once points are created."""
    monkeypatch.setattr(Executor, "_do", stop_at("holders/1"))
    with pytest.raises(Killed):
        prepare().send(sender)
    monkeypatch.undo()
    first = prepare().journal.origin
    bend(folder / "local.toml", "[rounds]", f'[rounds]\norigin = "{first + DAY}"')
    with pytest.raises(BadInput, match="count from other moments on"):
        prepare().send(sender)
    bend(folder / "local.toml", f'"{first + DAY}"', f'"{first + 7 * DAY}"')
    run = prepare()
    run.send(sender)
    assert run.journal.origin == first + 7 * DAY


def stop_at(key):
    """An executor's way to do steps, until it is killed before this one."""
    do = Executor._do

    def do_or_die(self, index, step):
        if step.key == key:
            raise Killed
        return do(self, index, step)

    return do_or_die


def test_refuses_the_wrong_chain(prepare, folder):
    bend(folder / "local.toml", "chain_id = 31337", "chain_id = 11155111\ntestnet = true")
    bend(folder / "local.toml", "mock = true", f'token = "0x{7:040x}"')

    with pytest.raises(WrongChain) as refused:
        prepare()
    assert refused.value.exit_code == 3


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


@pytest.mark.parametrize("kind", ["nothing", "token"])
def test_refuses_what_is_no_arbitrator(prepare, folder, accounts, stablecoin, kind):
    at = str(accounts[7])
    if kind == "token":
        at = stablecoin.deploy("Coin", "COIN", 6, {"from": accounts[9]}).address
    bend(folder / "local.toml", "[guardian]", f'[campaigns]\narbitrator = "{at}"\n\n[guardian]')

    with pytest.raises(BadInput, match=r"campaigns\.arbitrator: nothing at .* arbitration costs"):
        prepare()


def test_asks_before_real_money_and_says_unaudited(folder, fresh_code, monkeypatch, capsys):
    from scripts import deploy

    answers = iter(["y", "yes"])
    asked = []

    def answer(question: str) -> str:
        asked.append(question)
        return next(answers)

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
        monkeypatch.setattr("builtins.input", answer)
        monkeypatch.delenv("DMO_YES", raising=False)

        with pytest.raises(SystemExit) as ended:
            deploy.main(str(folder / "local.toml"))
        assert ended.value.code == 2
        assert node.nonce(account) == 1
        shown = capsys.readouterr()
        assert "nothing was sent" in shown.err
        words = " ".join(shown.out.replace("│", " ").split())
        assert said.word("deploy", "real_money").format(chain_id=1) in words
        assert "could drain a round" in words

        deploy.main(str(folder / "local.toml"))
        assert node.nonce(account) == STEPS
    assert asked == ["Send this to chain 1, unaudited and with real money? Type yes to go on: "] * 2
    assert f"Deployed in {STEPS - 1} transactions" in capsys.readouterr().out


def test_warns_of_holders_who_could_drain_a_round(prepare, node, folder):
    file = folder / "local-holders.csv"
    whale, others = f"0x{99:040x}", [f"0x{number:040x}" for number in range(100, 140)]

    def warnings(whale_tokens: int, each: int) -> list[str]:
        rows = [(whale, whale_tokens), *((one, each) for one in others)]
        file.write_text("address,tokens\n" + "".join(f"{a},{n}\n" for a, n in rows))
        return measure(node, prepare().plan).warnings()

    def named(votes: str, *accounts: str) -> str:
        return "\n".join(f"  {account}  {votes}" for account in accounts)

    # 40 others with 10,000 each; ideas take 4 % of the votable supply, proposals and disputes 10 %
    sure = warnings(600_000, 10_000)
    assert [one.split("\n")[0].partition(". ")[2] for one in sure] == [
        "Alone, even if everybody else votes against, each of these could drain a round:",
        "Alone, even if everybody else votes against, each of these could do with the treasury as it likes:",
        "Alone, against everybody else, each of these decides them:",
    ]
    assert all(one.endswith(named("600,000 HRB, 60 %", whale)) for one in sure)
    ideas, proposals, disputes = warnings(100_000, 10_000)
    assert ideas.startswith(
        "Ideas pass with 20,000 HRB. Alone, where nobody opposes, each of these could drain a round:"
    )
    assert proposals.startswith("Proposals need 50,000 HRB. Alone, where nobody opposes,")
    assert disputes.startswith(
        "Disputes need 50,000 HRB revealed, while jurors come from the token. Alone, where nobody"
    )
    assert {one.partition("\n")[2] for one in (ideas, proposals, disputes)} == {named("100,000 HRB, 20 %", whale)}
    ideas, proposals, _ = warnings(15_000, 10_000)
    assert ideas == "\n".join(
        [
            "Ideas pass with 16,600 HRB. These together could drain a round nobody opposes:",
            named("15,000 HRB, 3.6 %", whale),
            named("10,000 HRB, 2.4 %", others[0]),
        ]
    )
    assert proposals.count("\n") == 4


# ── the script ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rehearsed
def test_script_deploys_and_check_agrees(folder, fresh_code, monkeypatch, capsys):
    from scripts import check, deploy

    monkeypatch.setattr(deploy, "BUILD", folder)
    monkeypatch.setattr(check, "DEPLOYMENTS", folder / "deployments")
    deploy.main(str(folder / "local.toml"))
    said = capsys.readouterr().out
    assert f"Deployed in {STEPS} transactions" in said
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


def test_script_wires_a_deployment_on_the_play_chain(prepare, folder, monkeypatch):
    """Any of them, so that `dmo` finds the node, the people and their password."""
    from scripts import deploy

    monkeypatch.setattr(deploy.network, "show_active", lambda: "play")
    monkeypatch.setattr(deploy, "PLAY", folder / "play")
    said = deploy._told(prepare(), "local")
    assert said.endswith("./brownie run check main local --network play")
    facts = json.loads((folder / "local.local.json").read_text())
    assert facts["rpc"] == deploy.web3.provider.endpoint_uri
    assert (facts["keystores"], facts["password_file"]) == ("play/keystores", "play/password")


def test_script_exits_with_2_on_bad_input(capsys):
    from scripts import deploy

    with pytest.raises(SystemExit) as ended:
        deploy.main("nothing-here")
    assert ended.value.code == 2
    assert "there is no such file" in capsys.readouterr().err

"""Attacks on a deployment: by its deployer, by accident, by config. Each one fails here.

two runs at once
  when both have read the same journal -> test_a_second_run_goes_on_from_what_the_first_did
  when in two processes, and one is killed -> test_two_processes_do_not_run_at_once
  when both have planned from the beginning -> test_a_run_from_before_another_deployment_does_nothing
the origin of round 1
  when it lies before the hand-out, or never comes -> test_an_origin_of_the_deployers_choice_is_found
the hand-over
  when it goes through the deployer's own code -> test_a_hand_over_to_oneself_is_found
  when holders do something with their tokens before it -> test_holders_cannot_spoil_a_check
what cannot be carried to its end
  when the config says so itself -> test_what_the_config_itself_knows_is_refused_before
  when a constructor refuses -> test_nothing_is_paid_for_what_a_constructor_refuses
  when a batch is too large -> test_the_largest_batch_fits_a_transaction, test_a_step_over_the_gas_limit_is_refused
what can never decide
  when few tokens are out -> test_floors_are_shares_of_what_can_vote
  when a floor is above what can vote -> test_a_floor_that_nobody_can_reach_is_refused
  when nobody can vote -> test_a_dao_without_voters_is_refused
  when a vote cannot be carried out -> test_a_life_that_would_fail_is_refused
the jury
  when the first to wrap would be it -> test_a_wrapped_tokens_jury_has_a_floor
  when one round's workers would be it -> test_it_takes_three_caps_to_be_the_jury
"""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from dmo.core.abi import encode_call
from dmo.core.chain import Chain
from dmo.core.errors import BadInput, CheckFailed, Refused
from dmo.core.units import WAD
from dmo.deploy.artifacts import digest
from dmo.deploy.check import check_deployment
from dmo.deploy.concentration import measure
from dmo.deploy.config import load_config
from dmo.deploy.journal import Journal, JournalEntry
from dmo.deploy.run import DeployRun
from dmo.deploy.sender import KeyDeploySender, UnlockedSender
from tests.support.cli_chain import anvil, key
from tests.support.deployments import ROOT, DyingSender, Killed, act_as, bend

attack = pytest.mark.attack
DAY = 86_400
HANDING, SETUP = 10, 15  # places of these steps, from 0


def balance(node: Chain, run: DeployRun, account: str) -> int:
    return int(node.call("HolderToken", run.plan.votes_token, "balanceOf", account))


# ── two runs at once ────────────────────────────────────────────────────────────────────────────


@attack("two-deploys-at-once")
def test_a_second_run_goes_on_from_what_the_first_did(prepare, sender, node, folder):
    """It was asked its question before the first one handed out half of the tokens."""
    bend(folder / "local.toml", 'holders = "local-holders.csv"', 'holders = "local-holders.csv"\nbatch = 4')
    with pytest.raises(Killed):
        prepare().send(DyingSender(sender, HANDING, is_broadcast=False))
    first, second = prepare(), prepare()
    with pytest.raises(Killed):
        first.send(DyingSender(sender, 2, is_broadcast=False))

    second.send(sender)

    assert all(balance(node, first, one.account) == one.amount for one in first.plan.holdings)


@attack("two-deploys-at-once")
def test_a_run_from_before_another_deployment_does_nothing(prepare, sender, node, folder):
    """It planned other nonces, so other addresses."""
    late = prepare()
    act_as(node, sender.address, sender.address, b"")
    prepare().send(sender)
    nonce = node.nonce(sender.address)

    with pytest.raises(BadInput, match="changed by another run meanwhile"):
        late.send(sender)
    assert node.nonce(sender.address) == nonce


PROCESS = """
import sys
from pathlib import Path
from dmo.core.chain import Chain
from dmo.deploy.run import DeployRun
from dmo.deploy.sender import UnlockedSender

class Waiting(UnlockedSender):
    def send(self, *order):
        print("sending", flush=True)
        sys.stdin.readline()
        return super().send(*order)

url, file, root, account = sys.argv[1:]
chain = Chain.connect(url)
run = DeployRun.prepare(chain, Path(file), account, Path(root), Path(file).parent)
run.send(Waiting(chain, account), is_rehearsed=True)
"""


@attack("two-deploys-at-once")
def test_two_processes_do_not_run_at_once(folder):
    """And the lock goes with the process that holds it, however that ends."""
    with anvil() as (node, url):
        account = str(node.transport.request("eth_accounts", [])[0])
        command = [sys.executable, "-c", PROCESS, url, folder / "local.toml", ROOT, account]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "cwd": ROOT}
        with subprocess.Popen(command, **pipes) as first:
            assert first.stdout.readline() == b"sending\n"
            run = DeployRun.prepare(node, folder / "local.toml", account, ROOT, folder)
            with pytest.raises(BadInput, match="another run of this deployment holds it"):
                run.send(UnlockedSender(node, account))
            first.send_signal(signal.SIGKILL)
        assert node.nonce(account) == 0

        run.send(UnlockedSender(node, account))
        assert node.nonce(account) == len(run.plan.steps)


# ── the origin of round 1 ───────────────────────────────────────────────────────────────────────


def _with_origin(node, prepare, sender, later: int, origin: int):
    """A deployment whose journal the deployer changed before the tokens went out, so many seconds later."""
    run = prepare()
    with pytest.raises(Killed):
        run.send(DyingSender(sender, HANDING, is_broadcast=False))
    born = node.block(run.journal.steps["create/HolderToken"].block).timestamp
    node.transport.request("evm_setNextBlockTimestamp", [hex(born + later)])
    node.transport.request("evm_mine", [])
    journal = Journal.load(run.journal_path)
    journal.origin = born + origin
    journal.save(run.journal_path)
    # The plan's own way of choosing would mend it.
    run = prepare()
    run.plan.choose_origin = lambda _, chosen=None: chosen
    return run.send(sender)


@attack("origin-of-ones-own")
@pytest.mark.parametrize(("later", "origin"), [(3 * DAY + 100, 3 * DAY + 50), (100, 100 * 365 * DAY)])
def test_an_origin_of_the_deployers_choice_is_found(node, prepare, sender, folder, fresh_code, later, origin):
    """Before the hand-out it alone would have posting power; in a hundred years nobody."""
    book = _with_origin(node, prepare, sender, later, origin)

    report = check_deployment(node, folder / "local.toml", book, ROOT, fresh_code)
    assert "origin of round 1, by the hand-out" in [one.subject for one in report.differences]


# ── the hand-over ───────────────────────────────────────────────────────────────────────────────


def _two_faced(reputation: str, award: bytes, manager: str) -> bytes:
    """Code that, whatever it is called with, awards points first and then passes the call on."""
    to = [bytes.fromhex("73" + address[2:]) + bytes.fromhex("5af150") for address in (reputation, manager)]
    first = bytes.fromhex("5f5f60") + bytes([len(award)]) + bytes.fromhex("5f5f") + to[0]
    second = bytes.fromhex("365f5f37" + "5f5f365f5f") + to[1] + b"\0"
    size = bytes([len(award)])
    head = bytes.fromhex("60") + size + bytes.fromhex("61")
    tail = bytes.fromhex("5f39")
    at = len(head) + 2 + len(tail) + len(first) + len(second)
    return head + at.to_bytes(2, "big") + tail + first + second + award


@attack("hand-over-to-oneself")
def test_a_hand_over_to_oneself_is_found(folder, fresh_code):
    """By EIP-7702 the deployer's account has code: sent the planned set-up, it gives a friend points before it passes
    the set-up on."""
    friend, owner = "0x" + 40 * "5", key(0)
    with anvil(hardfork="prague") as (node, _):
        sender = KeyDeploySender(node, owner)

        def begin() -> DeployRun:
            return DeployRun.prepare(node, folder / "local.toml", sender.address, ROOT, folder, fresh_code)

        with pytest.raises(Killed):
            begin().send(DyingSender(sender, SETUP, is_broadcast=False))
        run = begin()
        at = {name.rpartition("/")[2]: step.address for name, step in run.journal.steps.items()}
        award = encode_call("Reputation", "awardMany", [[friend], [10**6 * WAD]])
        code = _two_faced(at["Reputation"], award, at["AccessManager"])
        creation = bytes.fromhex("61") + len(code).to_bytes(2, "big") + bytes.fromhex("80600a5f395ff3") + code
        nonce = node.nonce(sender.address)
        creating, leaving, left, setting = range(nonce, nonce + 4)  # the authorization uses up one of its own
        there = node.wait(sender.send(None, creation, creating)).contract_address
        fees = {"maxFeePerGas": 10**11, "maxPriorityFeePerGas": 10**9, "chainId": 31337, "value": 0}
        leave = owner.sign_authorization({"chainId": 31337, "address": there, "nonce": left})
        setup = run.plan.setup_call(at)

        def send(kind: int, number: int, to: str, data: bytes, **more: object) -> None:
            order = {"type": kind, "nonce": number, "to": to, "gas": 3_000_000, "data": data}
            raw = bytes(owner.sign_transaction({**order, **fees, **more}).raw_transaction)
            assert node.wait(node.transport.request("eth_sendRawTransaction", ["0x" + raw.hex()])).is_ok

        send(4, leaving, friend, b"", authorizationList=[leave])
        run.journal.steps["setup"] = JournalEntry(nonce=setting, address=at["AccessManager"], digest=digest(setup))
        run.journal.save(run.journal_path)
        send(2, setting, sender.address, setup)
        book = begin().send(sender)
        assert node.events("Reputation", at["Reputation"], "PointsAwarded")

        report = check_deployment(node, folder / "local.toml", book, ROOT, fresh_code)
    found = {one.subject: one.found for one in report.differences}
    assert found["roles set, deployer's role renounced: sent as planned"] == "False"
    assert "Reputation.PointsAwarded" in found["transaction in no step of the plan"]


def test_holders_cannot_spoil_a_check(prepare, sender, node, folder, fresh_code, accounts):
    """What they do with their tokens, and anybody in open rooms, before the hand-over is told, and no difference."""
    run = prepare()

    def progress(_number, _count, step, _entry, _is_sent_now) -> None:
        if step.contract == "Lens":
            back = encode_call("HolderToken", "transfer", [str(accounts[9]), 1])
            act_as(node, str(accounts[1]), run.plan.votes_token, back)
            need = encode_call("NeedsBoard", "post", [bytes([7] * 32)])
            act_as(node, str(accounts[9]), run.plan.at("NeedsBoard"), need)
            asset = encode_call("ContentRegistry", "addAsset", [0, bytes([7] * 32), 0, 0])
            act_as(node, str(accounts[9]), run.plan.at("ContentRegistry"), asset)

    book = run.send(sender, progress=progress)

    report = check_deployment(node, folder / "local.toml", book, ROOT, fresh_code)
    assert report.differences == []
    assert report.notes[0].startswith("Before the hand-over 3 transactions of others")


# ── what cannot be carried to its end ───────────────────────────────────────────────────────────

CAP = 'cap = "6,000"'


@pytest.mark.rehearsed
@attack("config-that-stops-half-way")
@pytest.mark.parametrize(
    ("old", "new", "title"),
    [
        (CAP, f'{CAP}\nlength = "100 days"', "create Reputation"),
        (CAP, f'{CAP}\nholding = "100 days"', "create HolderGovernor"),
        (CAP, 'cap = "0.00001"', "create IdeaBoard"),
        ("[guardian]", '[governance]\nquorum = "60 %"\n\n[guardian]', "create HolderGovernor"),
        ("[guardian]", '[governance]\nthreshold = "20 %"\n\n[guardian]', "create HolderGovernor"),
        ('symbol = "HRB"', f'symbol = "HRB"\nexcluded = ["0x{22:040x}", "0x{22:040x}"]', "create HolderToken"),
    ],
)
def test_nothing_is_paid_for_what_a_constructor_refuses(prepare, sender, node, folder, old, new, title):
    bend(folder / "local.toml", old, new)
    run = prepare()

    with pytest.raises(CheckFailed, match=f"stops at: {title}") as stopped:
        run.send(sender)
    assert stopped.value.differences[0]
    assert run.journal.steps == {}
    assert not run.journal_path.exists()
    assert node.nonce(sender.address) == 0


@pytest.mark.parametrize("delay", ["voting_delay", "late_quorum"])
def test_what_the_config_itself_knows_is_refused_before(prepare, folder, delay):
    bend(folder / "local.toml", "[guardian]", f'[governance]\n{delay} = "40 days"\n\n[guardian]')
    with pytest.raises(BadInput, match="governance"):
        prepare()


def _many(folder, count: int) -> None:
    rows = "".join(f"0x{number:040x},{1 + number % 97}.5\n" for number in range(10**6, 10**6 + count))
    (folder / "local-holders.csv").write_text("address,tokens\n" + rows)
    bend(folder / "local.toml", 'local-holders.csv"', f'local-holders.csv"\nbatch = {count}')


@attack("batch-too-large")
def test_the_largest_batch_fits_a_transaction(prepare, sender, folder):
    """EIP-7825: 16,777,216 gas."""
    _many(folder, 201)
    with pytest.raises(BadInput, match="at most 200"):
        prepare()
    bend(folder / "local.toml", "batch = 201", "batch = 200")
    run = prepare()
    run.send(sender)
    assert run.journal.steps["holders/1"].gas_used < 2**24


def test_a_step_over_the_gas_limit_is_refused(node, sender):
    """Before it is sent, also in the rehearsal."""
    endless = bytes.fromhex("5b5f56")
    with pytest.raises(Refused, match="gas"):
        sender.send(None, endless, node.nonce(sender.address))
    costly = bytes.fromhex("62") + (700_000).to_bytes(3, "big") + bytes.fromhex("5b600190038060045700")
    with pytest.raises(Refused) as no:
        sender.send(None, costly, node.nonce(sender.address))
    assert no.value.name == "TransactionTooLarge"


# ── what can never decide ───────────────────────────────────────────────────────────────────────


@pytest.mark.rehearsed
@attack("floors-above-the-votes")
def test_floors_are_shares_of_what_can_vote(prepare, folder):
    """The holders' list gives 0.63 % of the supply; the rest is the treasury's, which has no vote."""
    bend(folder / "local.toml", "1,000,000", "100,000,000")
    run = prepare()
    votable = sum(one.amount for one in run.plan.holdings)
    assert run.plan.votable == votable < run.plan.supply // 100
    settings = run.plan.arguments("HolderGovernor", 0)["settings"]
    assert settings["quorumFloor"] == votable // 100
    run.rehearse()


@attack("floors-above-the-votes")
@pytest.mark.parametrize(
    ("section", "floor"),
    [
        *(("rounds", one) for one in ("passing_floor", "posting_floor")),
        *(("governance", one) for one in ("quorum_floor", "threshold_floor")),
        ("jury", "quorum_floor"),
    ],
)
def test_a_floor_that_nobody_can_reach_is_refused(prepare, folder, section, floor):
    text = (folder / "local.toml").read_text()
    head = f"[{section}]\n"
    line = f'{head}{floor} = "630,001"\n'
    text = text.replace(head, line) if head in text else f"{text}\n{line}"
    (folder / "local.toml").write_text(text)

    with pytest.raises(BadInput, match=rf"{section}\.{floor}: a floor of 630,001 HRB .* 630,000 HRB can vote"):
        prepare()


def test_a_dao_without_voters_is_refused(prepare, folder):
    (folder / "local-holders.csv").write_text(f"address,tokens\n0x{22:040x},1000\n")
    bend(folder / "local.toml", 'symbol = "HRB"', f'symbol = "HRB"\nexcluded = ["0x{22:040x}"]')
    with pytest.raises(BadInput, match="nobody could vote"):
        prepare()


@pytest.mark.rehearsed
def test_a_life_that_would_fail_is_refused(prepare, sender, node, monkeypatch):
    """A guardian who has no right to halt, say."""
    run = prepare()
    planned = run.plan.setup_calls
    run.plan.setup_calls = lambda board: [one for one in planned(board) if one[1][0] != 3]
    with pytest.raises(CheckFailed, match="could not be halted by its guardian"):
        run.send(sender)
    assert node.nonce(sender.address) == 0


# ── the jury ────────────────────────────────────────────────────────────────────────────────────


@attack("first-wrapper-is-the-jury")
def test_a_wrapped_tokens_jury_has_a_floor(folder):
    text = (folder / "local.toml").read_text()
    start, end = text.index("[token]"), text.index("[budget]")
    token = f'[token]\nkind = "wrap"\naddress = "0x{17:040x}"\nname = "V"\nsymbol = "V"\n\n'
    (folder / "local.toml").write_text(f'{text[:start]}{token}{text[end:]}\n[jury]\nquorum_floor = "0"\n')
    with pytest.raises(BadInput, match=r"jury\.quorum_floor is zero"):
        load_config(folder / "local.toml")


@attack("one-cap-buys-the-jury")
@pytest.mark.parametrize("cap", ["6,000", "1,000,000"])
def test_it_takes_three_caps_to_be_the_jury(prepare, node, folder, cap):
    bend(folder / "local.toml", CAP, f'cap = "{cap}"')
    run = prepare()
    assert run.plan.min_points == 3 * int(cap.replace(",", "")) * WAD
    assert not measure(node, run.plan).points

    bend(folder / "local.toml", "[guardian]", '[jury]\nmin_points = "1"\n\n[guardian]')
    (told,) = (one for one in measure(node, prepare().plan).warnings() if "are the jury" in one)
    assert told.startswith(f"From {cap} points on")

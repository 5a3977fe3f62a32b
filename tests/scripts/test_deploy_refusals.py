"""Deploying: for tokens that exist, and what is refused, moved or warned of.

deploy
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
    when it is none -> test_refuses_what_is_no_arbitrator
the plan
  given large holders -> test_warns_of_holders_who_could_drain_a_round
"""

from __future__ import annotations

from pathlib import Path

import pytest

from dmo.core.errors import BadInput, WrongChain
from dmo.deploy.check import check_deployment
from dmo.deploy.concentration import measure
from dmo.deploy.run import Executor
from tests.support.deployments import DAY, ROOT, Killed, bend

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


@pytest.mark.parametrize("kind", ["nothing", "token"])
def test_refuses_what_is_no_arbitrator(prepare, folder, accounts, stablecoin, kind):
    at = str(accounts[7])
    if kind == "token":
        at = stablecoin.deploy("Coin", "COIN", 6, {"from": accounts[9]}).address
    bend(folder / "local.toml", "[guardian]", f'[campaigns]\narbitrator = "{at}"\n\n[guardian]')

    with pytest.raises(BadInput, match=r"campaigns\.arbitrator: nothing at .* arbitration costs"):
        prepare()


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

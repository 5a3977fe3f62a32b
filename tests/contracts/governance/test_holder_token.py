"""HolderToken and what it shares with VotesWrapper (HolderVotes).

constructor
  when the supply is above 2^112 - 1
    it reverts -> test_reverts_when_supply_exceeds_112_bits
  when more than six accounts are excluded
    it reverts -> test_reverts_when_seven_accounts_are_excluded
  when an excluded account is zero
    it reverts -> test_reverts_when_an_excluded_account_is_zero
  when an excluded account is named twice
    it reverts -> test_reverts_when_an_excluded_account_is_named_twice
  when all is well
    it mints the supply to the recipient -> test_mints_the_supply_to_the_recipient
    it remembers up to six excluded accounts -> test_remembers_six_excluded_accounts
    nothing can be minted afterwards -> test_has_no_function_that_mints
transferBatch
  when the lists differ in length
    it reverts -> test_reverts_when_lists_differ_in_length
  when the sender owns too little for all
    it reverts and moves nothing -> test_batch_moves_all_or_nothing
  when a recipient is zero
    it reverts -> test_batch_reverts_when_a_recipient_is_zero
  when the lists are empty
    it does nothing -> test_empty_batch_does_nothing
  when the sender owns enough
    it moves tokens and votes -> test_batch_moves_tokens_and_votes
delegates
  given an account that never delegated
    it is the account -> test_account_represents_itself_until_it_delegates
  given the zero account
    it is zero -> test_zero_represents_nobody
delegate
  when the caller is excluded
    it reverts -> test_excluded_account_cannot_delegate
  when the delegate is zero
    the votes return to their owner -> test_delegating_to_nobody_means_oneself
  given votes delegated, then taken back to nobody
    the delegate cannot freeze the tokens -> test_delegate_to_nobody_freezes_nobody
  when the delegate is somebody
    the votes move -> test_delegation_moves_votes
    later transfers follow the delegation -> test_transfers_follow_the_delegation
delegateBySig
  when the signer is excluded
    it reverts -> test_excluded_signer_cannot_delegate
  when the signer is somebody
    the votes move -> test_signed_delegation_moves_votes
permit
  when the owner signed
    it approves and uses the shared nonce -> test_permit_approves
clock
  it is the block's timestamp -> test_keeps_time_in_seconds
getPastVotes
  it is what the votes were in that second -> test_past_votes_are_kept
"""

from __future__ import annotations

import pytest
from brownie import ZERO_ADDRESS, web3
from eth_account import Account
from eth_account.messages import encode_typed_data

from tests.support.clock import now, set_next
from tests.support.governance import HOLDINGS, SUPPLY, WAD
from tests.support.reverts import reverts

MAX_SUPPLY = 2**112 - 1


@pytest.fixture(scope="module")
def signer():
    return Account.from_key("0x" + "11" * 32)


def typed(token, primary, fields, message):
    domain = {"name": token.name(), "version": "1", "chainId": web3.eth.chain_id, "verifyingContract": token.address}
    types = {primary: [{"name": name, "type": kind} for name, kind in fields]}
    return encode_typed_data(domain, types, message)


def sign_delegation(token, signer, delegatee, nonce=0, expiry=2**40):
    fields = [("delegatee", "address"), ("nonce", "uint256"), ("expiry", "uint256")]
    message = {"delegatee": str(delegatee), "nonce": nonce, "expiry": expiry}
    signed = signer.sign_message(typed(token, "Delegation", fields, message))
    return (delegatee, nonce, expiry, signed.v, signed.r, signed.s)


def test_reverts_when_supply_exceeds_112_bits(HolderToken, deployer):
    with reverts(HolderToken, "ERC20ExceededSafeSupply", MAX_SUPPLY + 1, MAX_SUPPLY):
        HolderToken.deploy("H", "H", MAX_SUPPLY + 1, deployer, [], {"from": deployer})


def test_reverts_when_seven_accounts_are_excluded(HolderToken, accounts, deployer):
    with reverts(HolderToken, "ExcludedAccountsTooMany", 7, 6):
        HolderToken.deploy("H", "H", 1, deployer, accounts[:7], {"from": deployer})


def test_reverts_when_an_excluded_account_is_zero(HolderToken, accounts, deployer):
    with reverts(HolderToken, "ExcludedAccountsInvalid", ZERO_ADDRESS):
        HolderToken.deploy("H", "H", 1, deployer, [accounts[1], ZERO_ADDRESS], {"from": deployer})


def test_reverts_when_an_excluded_account_is_named_twice(HolderToken, accounts, deployer):
    twice = [accounts[1], accounts[2], accounts[1]]
    with reverts(HolderToken, "ExcludedAccountsInvalid", accounts[1]):
        HolderToken.deploy("H", "H", 1, deployer, twice, {"from": deployer})


def test_mints_the_supply_to_the_recipient(HolderToken, deployer, ann):
    token = HolderToken.deploy("Holder", "HOLD", MAX_SUPPLY, ann, [], {"from": deployer})
    assert token.totalSupply() == token.balanceOf(ann) == token.getVotes(ann) == MAX_SUPPLY
    assert (token.name(), token.symbol(), token.decimals()) == ("Holder", "HOLD", 18)
    assert token.excludedAccounts() == ()


def test_remembers_six_excluded_accounts(HolderToken, accounts, deployer):
    token = HolderToken.deploy("H", "H", 1, deployer, accounts[2:8], {"from": deployer})
    assert token.excludedAccounts() == tuple(accounts[2:8])
    assert all(token.isExcluded(account) for account in accounts[2:8])
    assert not any(token.isExcluded(account) for account in (accounts[1], accounts[8], ZERO_ADDRESS))


def test_has_no_function_that_mints(HolderToken):
    changing = {
        entry["name"]
        for entry in HolderToken.abi
        if entry["type"] == "function" and entry["stateMutability"] not in ("view", "pure")
    }
    assert changing == {"approve", "delegate", "delegateBySig", "permit", "transfer", "transferBatch", "transferFrom"}


def test_reverts_when_lists_differ_in_length(token, ann, ben, cem):
    with reverts(token, "HolderTokenLengthMismatch", 2, 1):
        token.transferBatch([ben, cem], [1], {"from": ann})


def test_batch_moves_all_or_nothing(token, ann, stranger):
    owned = token.balanceOf(ann)
    with reverts(token, "ERC20InsufficientBalance", ann, owned - 1, owned):
        token.transferBatch([stranger, stranger], [1, owned], {"from": ann})
    assert token.balanceOf(stranger) == 0


def test_batch_reverts_when_a_recipient_is_zero(token, ann):
    with reverts(token, "ERC20InvalidReceiver", ZERO_ADDRESS):
        token.transferBatch([ZERO_ADDRESS], [1], {"from": ann})


def test_empty_batch_does_nothing(token, ann):
    tx = token.transferBatch([], [], {"from": ann})
    assert not tx.events


def test_batch_moves_tokens_and_votes(token, ann, ben, stranger):
    before = {who: token.balanceOf(who) for who in (ann, ben, stranger)}
    tx = token.transferBatch([ben, stranger, ben], [5, 7, 11], {"from": ann})
    after = {ann: before[ann] - 23, ben: before[ben] + 16, stranger: 7}
    assert {who: token.balanceOf(who) for who in after} == after
    assert {who: token.getVotes(who) for who in after} == after
    moved = [(e["from"], e["to"], e["value"]) for e in tx.events["Transfer"]]
    assert moved == [(ann, ben, 5), (ann, stranger, 7), (ann, ben, 11)]


def test_account_represents_itself_until_it_delegates(token, ann, stranger):
    assert token.delegates(ann) == ann
    assert token.delegates(stranger) == stranger
    assert token.getVotes(ann) == HOLDINGS["ann"] * WAD


def test_zero_represents_nobody(token):
    assert token.delegates(ZERO_ADDRESS) == ZERO_ADDRESS


def test_excluded_account_cannot_delegate(token, escrow, ann):
    for delegatee in (ann, escrow, ZERO_ADDRESS):
        with reverts(token, "HolderVotesExcluded", escrow):
            token.delegate(delegatee, {"from": escrow})


def test_delegating_to_nobody_means_oneself(token, ann, ben):
    token.delegate(ben, {"from": ann})
    tx = token.delegate(ZERO_ADDRESS, {"from": ann})
    event = tx.events["DelegateChanged"]
    assert (event["delegator"], event["fromDelegate"], event["toDelegate"]) == (ann, ben, ann)
    assert token.delegates(ann) == ann
    assert token.getVotes(ann) == HOLDINGS["ann"] * WAD
    assert token.getVotes(ben) == HOLDINGS["ben"] * WAD


def test_delegate_to_nobody_freezes_nobody(token, ann, ben, cem):
    # With self as the default but nobody as a possible choice, ann's return to nobody would leave
    # her votes nowhere, and ben, who gave his own away, would have none to be taken from: her next
    # transfer would revert.
    token.delegate(ben, {"from": ann})
    token.delegate(cem, {"from": ben})
    token.delegate(ZERO_ADDRESS, {"from": ben})
    token.delegate(ZERO_ADDRESS, {"from": ann})
    for who in (ann, ben):
        token.transfer(cem, token.balanceOf(who), {"from": who})
        assert token.getVotes(who) == 0
    assert token.getVotes(cem) == token.balanceOf(cem)


def test_delegation_moves_votes(token, ann, ben):
    tx = token.delegate(ben, {"from": ann})
    assert tx.events["DelegateChanged"]["toDelegate"] == ben
    assert token.delegates(ann) == ben
    assert token.getVotes(ann) == 0
    assert token.getVotes(ben) == (HOLDINGS["ann"] + HOLDINGS["ben"]) * WAD


def test_transfers_follow_the_delegation(token, ann, ben, cem, dee):
    token.delegate(ben, {"from": ann})
    token.transfer(cem, 100, {"from": ann})
    token.transfer(ann, 30, {"from": dee})
    assert token.getVotes(ann) == 0
    assert token.getVotes(ben) == (HOLDINGS["ann"] + HOLDINGS["ben"]) * WAD - 70
    assert token.getVotes(cem) == HOLDINGS["cem"] * WAD + 100


def test_excluded_signer_cannot_delegate(HolderToken, deployer, signer, ann):
    token = HolderToken.deploy("H", "H", 10, signer.address, [signer.address], {"from": deployer})
    with reverts(token, "HolderVotesExcluded", signer.address):
        token.delegateBySig(*sign_delegation(token, signer, ann.address), {"from": ann})


def test_signed_delegation_moves_votes(token, signer, ann, ben, stranger):
    token.transfer(signer.address, 40, {"from": ann})
    token.delegateBySig(*sign_delegation(token, signer, ben.address), {"from": stranger})
    assert token.delegates(signer.address) == ben
    assert token.getVotes(ben) == HOLDINGS["ben"] * WAD + 40
    assert token.nonces(signer.address) == 1


def test_permit_approves(token, signer, ann, stranger):
    fields = [
        ("owner", "address"),
        ("spender", "address"),
        ("value", "uint256"),
        ("nonce", "uint256"),
        ("deadline", "uint256"),
    ]
    values = (signer.address, ann.address, 12, 0, 2**40)
    message = dict(zip((name for name, _ in fields), values, strict=True))
    signed = signer.sign_message(typed(token, "Permit", fields, message))
    token.permit(signer.address, ann, 12, 2**40, signed.v, signed.r, signed.s, {"from": stranger})
    assert token.allowance(signer.address, ann) == 12
    assert token.nonces(signer.address) == 1


def test_keeps_time_in_seconds(token):
    assert token.clock() == now()
    assert token.CLOCK_MODE() == "mode=timestamp"


def test_past_votes_are_kept(token, ann, ben):
    start = set_next(now() + 100)
    token.transfer(ben, 1, {"from": ann})
    set_next(start + 100)
    token.transfer(ben, 2, {"from": ann})
    held = HOLDINGS["ann"] * WAD
    assert token.getPastVotes(ann, start - 1) == held
    assert token.getPastVotes(ann, start) == token.getPastVotes(ann, start + 99) == held - 1
    assert token.getVotes(ann) == held - 3
    assert token.getPastTotalSupply(start) == SUPPLY
    with reverts(token, "ERC5805FutureLookup", start + 100, start + 100):
        token.getPastVotes(ann, start + 100)

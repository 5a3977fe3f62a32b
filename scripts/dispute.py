"""Disputes: `./brownie run dispute <act> <deployment> … --network <network>`.

The acts::

    main     <deployment>                                    disputes and what they are at
    open     <deployment> <submission> <reason file> [yes]   dispute a rejection, or challenge
    evidence <deployment> <submission> <file> [yes]          add evidence, for anyone
    commit   <deployment> <submission> pay|refuse [yes]      commit to a ruling, as a juror
    reveal   <deployment> <submission> [yes]                 reveal it
    rule     <deployment> <submission> [yes]                 hand the ruling over, for anyone
    jurors   <deployment> <submission> [yes]                 pay the jurors, for anyone

A commitment's salt is kept in DMO_HOME (~/.dmo), where `dmo` keeps it too: without it a ruling
cannot be revealed.
"""

from __future__ import annotations

from dmo.client import disputes
from dmo.client.disputes import Dispute, JuryCase, Ruling
from dmo.client.jurors import unpaid_jurors
from dmo.client.lens import juror_calls
from dmo.core.errors import BadInput, NotFound
from dmo.core.units import format_amount, format_time
from dmo.home.context import home
from dmo.home.deployment import Dmo
from dmo.home.salts import Salts, Secret, new_salt
from scripts._acts import allow_escrow, document, number, options_of, perform
from scripts._common import open_deployment, reported, sending_account


def main(deployment: str = "local") -> None:
    """Show all disputes."""
    with reported():
        dmo = open_deployment(deployment)
        found = disputes.disputes(dmo)
        if not found:
            print("No dispute yet.")
        for one in found:
            _show(dmo, one)


def _show(dmo: Dmo, one: Dispute) -> None:
    token = dmo.budget_token
    what = "acceptance challenged" if one.is_challenge else "rejection disputed"
    bond = format_amount(one.bond, token.decimals, token.symbol)
    print(f"Submission {one.submission}: {what} by {one.opener}, bond {bond}")
    if one.is_ruled:
        print(f"  ruled: {one.ruling.text}")
    elif not one.is_open(dmo.chain.now()):
        print(f"  no ruling in time, which was until {format_time(one.until)}")
    else:
        print(f"  open until {format_time(one.until)}, before {one.arbitrator}")
    jury = one.jury
    if jury is not None:
        source = "points" if jury.is_from_reputation else dmo.votes_token.symbol
        decimals = 18 if jury.is_from_reputation else dmo.votes_token.decimals
        sums = (jury.for_one, jury.for_two, jury.quorum)
        pay, refuse, quorum = (format_amount(amount, decimals) for amount in sums)
        print(
            f"  jury: commit until {format_time(jury.commit_until)}, reveal until"
            f" {format_time(jury.reveal_until)}"
        )
        print(f"  revealed: {pay} to pay, {refuse} against; quorum {quorum} {source}")
    if one.is_settled:
        left = format_amount(one.pot, token.decimals, token.symbol)
        print(f"  settled; {left} left for jurors")


def open(deployment: str, submission: str, statement: str, *words: str) -> None:  # noqa: A001
    """Dispute a rejection of one's work, or challenge an acceptance."""
    with reported():
        _, is_sure = options_of(words, {})
        dmo = open_deployment(deployment)
        asked = disputes.price(dmo, number(submission, "submission"))
        found, calls = document(dmo, statement, "reason")
        calls += [
            allow_escrow(dmo, asked.bond),
            disputes.open_dispute(dmo, asked, found.digest, dmo.words),
        ]
        perform(dmo, calls, is_sure=is_sure)


def evidence(deployment: str, submission: str, file: str, *words: str) -> None:
    """Add evidence to an open dispute; any document will do."""
    with reported():
        _, is_sure = options_of(words, {})
        dmo = open_deployment(deployment)
        found, calls = document(dmo, file, None)
        call = disputes.submit_evidence(dmo, number(submission, "submission"), found.digest)
        perform(dmo, [*calls, call], is_sure=is_sure)


def commit(deployment: str, submission: str, ruling: str, *words: str) -> None:
    """Commit to a ruling; a later commitment replaces an earlier one."""
    with reported():
        _, is_sure = options_of(words, {})
        try:
            chosen = {"pay": Ruling.PAY, "refuse": Ruling.REFUSE}[ruling]
        except KeyError:
            raise BadInput(f"{ruling!r} is no ruling", expected="pay or refuse") from None
        dmo = open_deployment(deployment)
        case = _case(dmo, submission)
        juror = sending_account().address
        secret = Secret(dmo.chain_id, case.address, case.id, juror, chosen, new_salt())
        _salts().keep(secret)
        call = disputes.commit_ruling(dmo, case.id, secret.committed, case.address)
        perform(dmo, [call], is_sure=is_sure)


def reveal(deployment: str, submission: str, *words: str) -> None:
    """Reveal the ruling that this account committed to."""
    with reported():
        _, is_sure = options_of(words, {})
        dmo = open_deployment(deployment)
        case, juror = _case(dmo, submission), sending_account().address
        kept = _salts().behind(disputes.live_commitment(dmo, case.id, juror, case.address))
        if kept is None:
            raise NotFound("The salt of your commitment is not on this machine.")
        ruling = Ruling(kept.ruling)
        call = disputes.reveal_ruling(dmo, case.id, juror, ruling, kept.salt, case.address)
        perform(dmo, [call], is_sure=is_sure)


def rule(deployment: str, submission: str, *words: str) -> None:
    """Hand the jury's ruling over to the desk."""
    with reported():
        _, is_sure = options_of(words, {})
        dmo = open_deployment(deployment)
        case = _case(dmo, submission)
        call = disputes.execute_ruling(dmo, case.id, case.address)
        perform(dmo, [call], is_sure=is_sure)


def jurors(deployment: str, submission: str, *words: str) -> None:
    """Pay the jurors of a settled dispute."""
    with reported():
        _, is_sure = options_of(words, {})
        dmo = open_deployment(deployment)
        one = disputes.dispute(dmo, number(submission, "submission"))
        calls = juror_calls(dmo, one.submission, unpaid_jurors(dmo, [one]).get(one.submission, {}))
        if not calls:
            print("No juror is owed anything.")
            return
        perform(dmo, calls, is_sure=is_sure)


def _case(dmo: Dmo, submission: str) -> JuryCase:
    """A submission's dispute, as its jury keeps it."""
    one = disputes.dispute(dmo, number(submission, "submission"))
    if one.jury is None:
        raise BadInput(
            f"the dispute about submission {one.submission} is not before a jury like ours",
            expected=f"what {one.arbitrator} offers its own jurors",
        )
    return one.jury


def _salts() -> Salts:
    return Salts(home() / "salts")

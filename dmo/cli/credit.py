"""dmo credit: what could not be delivered and waits for its owner."""

from __future__ import annotations

from typing import Annotated

from typer import Argument

from dmo.cli import texts
from dmo.cli.options import ACT, command, noun
from dmo.cli.session import Session
from dmo.core.errors import Refused

ESCROWS_OWN = ("InsufficientFunds", "TransactionFailed", "Panic", "ReentrancyGuardReentrantCall")

app = noun("credit")


@command(app, "credit withdraw", ACT)
def withdraw(
    session: Session,
    to: Annotated[str, Argument(metavar="[TO]", help=texts.ARG_TO)] = "me",
) -> None:
    """Withdraw one's credit."""
    from dmo.cli.act import Done, Step, act
    from dmo.client import campaigns, escrow

    target = session.address_of(to, "to")
    owed = escrow.credit(session.dmo, session.maybe_me).amount if session.maybe_me else 0

    def result(done: Done) -> str:
        event = done.event("CampaignEscrow", "CreditWithdrawn")
        amount = int(event.arguments["amount"]) if event else 0
        session.screen.data.update(to=target, amount=str(amount))
        return texts.CREDIT_WITHDRAWN.format(session.money(amount), session.who(target))

    try:
        act(
            session,
            [Step(campaigns.withdraw_credit(session.dmo, target))],
            effects=[texts.CREDIT_EFFECT.format(session.money(owed), session.who(target))],
            result=result,
        )
    except Refused as error:
        if error.name.startswith("CampaignEscrow") or error.name in ESCROWS_OWN:
            raise
        # The escrow only passes on what the token said, in words that only the token knows.
        raise Refused(
            "TokenRefused",
            {"token": session.dmo.budget_token.address, "account": target},
            message=texts.PAYEE_REFUSED.format(session.who(target)),
            hint=texts.PAYEE_REFUSED_HINT,
            data=error.data,
        ) from error


@command(app, "credit show")
def show(
    session: Session,
    account_: Annotated[str, Argument(metavar="[WHO]", help=texts.ARG_WHO)] = "me",
) -> None:
    """Show what is owed to an account."""
    from dmo.client import escrow

    who = session.address_of(account_, "account")
    credit = escrow.credit(session.dmo, who)
    session.screen.data.update(
        account=who, amount=str(credit.amount), expires_at=credit.expires_at or None
    )
    if not credit.amount:
        session.screen.say(texts.NO_CREDIT.format(session.who(who)))
        return
    session.screen.heading(
        texts.CREDIT.format(
            session.who(who), session.money(credit.amount), session.when(credit.expires_at)
        )
    )
    session.screen.say(texts.NEXT.format("dmo credit withdraw"))

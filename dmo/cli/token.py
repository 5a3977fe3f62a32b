"""dmo token: votes, their lending, wrapping."""

from __future__ import annotations

from typing import Annotated, Any

from typer import Argument

from dmo.cli import texts
from dmo.cli.options import ACT, command, noun
from dmo.cli.session import Session
from dmo.core.errors import BadInput

app = noun("token")

Amount = Annotated[str, Argument(metavar="AMOUNT", help=texts.ARG_AMOUNT, show_default=False)]


@command(app, "token show")
def show(
    session: Session,
    account_: Annotated[str, Argument(metavar="[WHO]", help=texts.ARG_WHO)] = "me",
) -> None:
    """Show what an account holds."""
    from dmo.cli.act import coins
    from dmo.client import ideas, tokens

    who = session.address_of(account_, "account")
    holding = tokens.holding(session.dmo, who)
    power = ideas.posting_power(session.dmo, who)
    session.screen.data.update(
        account=who,
        votes_balance=str(holding.votes_balance),
        votes=str(holding.votes),
        delegate=holding.delegate,
        votes_supply=str(holding.votes_supply),
        budget_balance=str(holding.budget_balance),
        native=str(holding.native),
        ideas_left=power.left if power else None,
    )
    lent = holding.delegate != who and int(holding.delegate, 16) != 0
    session.screen.heading(session.who(who, long=True))
    session.screen.fields(
        [
            ("holds", session.votes(holding.votes_balance)),
            (
                "votes",
                texts.VOTES_OF.format(
                    session.votes(holding.votes), _percent(holding.votes, holding.votes_supply)
                ),
            ),
            ("lent to", session.who(holding.delegate) if lent else ""),
            ("can post", texts.IDEAS_LEFT.format(power.left, power.round) if power else ""),
            ("budget token", session.money(holding.budget_balance)),
            (
                "for gas",
                coins(session, holding.native)
                if holding.native
                else texts.NO_GAS.format(session.network.coin),
            ),
        ]
    )


def _percent(part: int, whole: int) -> str:
    hundredths = part * 10_000 // whole if whole else 0
    return f"{hundredths // 100}.{hundredths % 100:02d}%"


@command(app, "token delegate", ACT)
def delegate(
    session: Session,
    to: Annotated[str, Argument(metavar="WHO", help=texts.ARG_DELEGATE, show_default=False)],
) -> None:
    """Lend one's votes."""
    from dmo.cli.act import Step, act
    from dmo.client import tokens

    target = session.address_of(to, "to")
    is_self = session.maybe_me == target
    session.screen.data["delegate"] = target
    call = tokens.delegate(session.dmo, target)
    if is_self:
        call = call.described(texts.DELEGATE_SELF)
    act(
        session,
        [Step(call)],
        effects=[
            texts.DELEGATE_SELF_EFFECT
            if is_self
            else texts.DELEGATE_EFFECT.format(session.who(target))
        ],
        result=lambda _: (
            texts.DELEGATED_SELF if is_self else texts.DELEGATED.format(session.who(target))
        ),
    )


def _underlying(session: Session) -> Any:
    if "VotesWrapper" not in session.dmo.addresses:
        raise BadInput(
            texts.NOT_WRAPPED.format(session.words.votes_symbol),
            expected=texts.NOT_WRAPPED_EXPECTED,
        )
    return session.dmo.token(str(session.dmo.read("VotesWrapper", "underlying")))


@command(app, "token wrap", ACT)
def wrap(session: Session, amount: Amount) -> None:
    """Wrap the existing token into votes."""
    from dmo.cli.act import Step, act, approval
    from dmo.client import tokens
    from dmo.core.units import format_amount, parse_amount

    underlying = _underlying(session)
    units = parse_amount(amount, underlying.decimals)
    target = session.maybe_me or session.me
    shown = format_amount(units, underlying.decimals, underlying.symbol)
    steps = approval(session, underlying, session.dmo.address("VotesWrapper"), units)
    call = tokens.wrap(session.dmo, target, units).described(texts.WRAP.format(shown))
    session.screen.data["amount"] = str(units)
    act(
        session,
        [*steps, Step(call, after_approval=True)],
        effects=[texts.WRAP_EFFECT],
        result=lambda _: texts.WRAPPED.format(shown),
    )


@command(app, "token unwrap", ACT)
def unwrap(session: Session, amount: Amount) -> None:
    """Unwrap votes into the existing token."""
    from dmo.cli.act import Step, act
    from dmo.client import tokens
    from dmo.core.units import parse_amount

    _underlying(session)
    units = parse_amount(amount, session.words.votes_decimals)
    shown = session.votes(units)
    call = tokens.unwrap(session.dmo, session.me, units).described(texts.UNWRAP.format(shown))
    session.screen.data["amount"] = str(units)
    act(
        session,
        [Step(call)],
        effects=[texts.UNWRAP_EFFECT],
        result=lambda _: texts.UNWRAPPED.format(shown),
    )

"""Where budget money went: every payment, and what of a campaign's it was."""

from collections import defaultdict, deque

from dmo.capabilities.bounties import Bounty
from dmo.capabilities.disputes import DESK
from dmo.capabilities.ends import settlement_of
from dmo.capabilities.history import Payment, kind_of
from dmo.capabilities.submissions import Submission
from dmo.home.home import Home

ESCROW = "CampaignEscrow"


def payments_of(home: Home) -> list[Payment]:
    """Every payment of budget money, and what it was for; from events alone.

    A dispute's payments follow what the desk says just before: its settlement names what goes to who was right, a
    juror's payment its amount. Any other is a share of the reward; without a submission, a former lead's fee.
    """
    known, work, found = home.facts(Bounty), home.facts(Submission), list[Payment]()
    announced: deque[tuple[str, int, str, int]] = deque()
    paid = [f"{ESCROW}.{one}" for one in ("PayeePaid", "PayeeCredited", "CreditWithdrawn")]
    for event in home.events(f"{DESK}.DisputeSettled", f"{DESK}.JurorPaid", *paid):
        told, number = event.arguments, event.arguments.get("submission", 0)
        if event.name == "DisputeSettled":
            end = settlement_of(event)
            won = ((end.opener, end.to_opener), (end.upholder, end.to_upholder), (work[number].worker, end.to_worker))
            announced += [("won", number, account, amount) for account, amount in won if amount]
        elif event.name == "JurorPaid":
            announced.append(("juror", number, told["juror"], told["amount"]))
        elif event.name == "CreditWithdrawn":
            found.append(Payment(event.at, 0, 0, told["account"], told["to"], told["amount"], "credit", event.tx))
        else:
            payee, amount = told["payee"], told["amount"]
            is_fee = not number or work[number].lessons_of
            kind = "fee" if is_fee else kind_of(known[work[number].bounty])
            if announced and announced[0][1:] == (number, payee, amount):
                kind = announced.popleft()[0]
            one = (event.at, told["campaign"], number, payee, payee, amount, kind, event.tx)
            found.append(Payment(*one, is_credited=event.name == "PayeeCredited"))
    return found


def spent_by(home: Home) -> dict[int, int]:
    """Campaign → what it has paid, for work and in fees, gifts' work included; what disputes moved is none of it."""
    spent: dict[int, int] = defaultdict(int)
    for one in payments_of(home):
        if one.kind in ("work", "gift", "fee"):
            spent[one.campaign] += one.amount
    return spent


def given_to(home: Home) -> dict[int, int]:
    """Campaign → gifts."""
    given: dict[int, int] = defaultdict(int)
    for event in home.events(f"{ESCROW}.CampaignToppedUp"):
        given[event.arguments["campaign"]] += event.arguments["amount"]
    return given

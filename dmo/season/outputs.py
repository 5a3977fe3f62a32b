"""What the demo writes for machines; tools/generate_schemas.py makes its schema."""

from typing import Literal

from pydantic import Field

from dmo.home.outputs import AmountText, Count, Output, TokenInfo


class Demo(Output):
    """What the demo did: build/demo/summary.json.

    Amounts are the escrow's own totals at ``block``, and the budget token's. Always: received =
    paid + refunded + held; bonds_received = bonds_paid + bonds_held; token_in = received +
    bonds_received; token_out = paid + refunded + bonds_paid; token_balance = held + bonds_held.
    """

    schema_: Literal["dmo.demo/1"] = Field(default="dmo.demo/1", alias="schema")
    chain_id: Count
    block: Count
    vote_token: TokenInfo
    budget_token: TokenInfo
    rounds: Count = Field(description="rounds that were settled")
    ideas_posted: Count = Field(description="edits aside")
    ideas_passed: Count
    ideas_funded: Count
    ballots: Count = Field(description="pairs of voter and round")
    choices: Count
    choices_changed: Count
    campaigns: Count
    bounties: Count = Field(description="those of lessons aside")
    submissions: Count = Field(description="lessons aside")
    rejections: Count
    silent_accepts: Count
    payouts: Count = Field(
        description="single payments of budget money that reached somebody: shares of rewards,"
        " leads' fees, what disputes brought workers, challengers and jurors, withdrawn credits;"
        " returned bonds are not among them"
    )
    credits: Count = Field(description="payees who are owed a credit")
    top_ups: Count
    proposals_executed: Count
    disputes: Count = Field(description="rejections disputed and acceptances challenged")
    rejections_overturned: Count
    challenges_won: Count
    no_ruling: Count = Field(description="disputes that ended without a ruling")
    leads_replaced: Count
    needs: Count = Field(description="those whose author had posting power for them")
    answers: Count = Field(description="what the team answered, corrections among them")
    entries: Count = Field(description="of brand, plan and claims")
    assets: Count = Field(description="endorsed or not")
    forecasts: Count = Field(description="ideas whose outcome was forecast")
    reports: Count = Field(description="of outcomes, those that fell among them")
    outcomes: Count = Field(description="those that are final")
    bonuses: Count = Field(description="settled by what was reached")
    badges: Count = Field(description="claimed")
    drop_claims: Count = Field(description="shares of drops that were claimed")
    received: AmountText
    paid: AmountText
    refunded: AmountText
    held: AmountText
    bonds_received: AmountText = Field(
        description="bonds put up, less what disputes and unpaid work moved of them to the other"
        " book: that is in received"
    )
    bonds_paid: AmountText = Field(description="bonds returned")
    bonds_held: AmountText
    token_in: AmountText
    token_out: AmountText
    token_balance: AmountText
    points_awarded: AmountText

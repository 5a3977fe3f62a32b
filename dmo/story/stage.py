"""What the story needs to be played: people, their acts, and the documents they publish."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dmo.client import campaigns, documents, escrow, governance, ideas, lens, tokens
from dmo.core.calls import Call
from dmo.core.chain import Receipt
from dmo.core.digests import cid
from dmo.core.errors import Refused
from dmo.core.explain import explain
from dmo.core.sender import KeySender, Sender
from dmo.core.units import format_amount, parse_amount
from dmo.home.ballots import Ballot, Choice, SignedBallot, sign_ballot
from dmo.home.deployment import Dmo
from dmo.home.documents import Document, parse
from dmo.story.cast import CAST, key_of
from dmo.story.clock import DAY, Clock, StoryError, Teller

if TYPE_CHECKING:
    from eth_account.signers.local import LocalAccount

__all__ = ["Motion", "Stage", "choices_of", "raw_call"]

_SLOT = re.compile(r"\{\{ (cid:)?([\w/-]+) \}\}")


@dataclass(frozen=True)
class Motion:
    """A proposal of governance, as much of it as its acts need."""

    calls: Sequence[Call]
    text: str
    id: int


class Stage:
    """Everything a chapter can do. Each act goes through the client, signed by who does it.

    Args:
        dmo: The deployment.
        folder: Where the story's documents are.
        teller: Who tells it.
    """

    def __init__(self, dmo: Dmo, folder: Path, teller: Teller) -> None:
        self.dmo = dmo
        self.teller = teller
        self.gas: dict[str, list[int]] = defaultdict(list)
        self._folder = folder
        self._keys: dict[str, LocalAccount] = {}
        self._senders: dict[str, Sender] = {}

    @cached_property
    def clock(self) -> Clock:
        """The chain's clock."""
        return Clock(self.dmo.chain)

    # ── people ──────────────────────────────────────────────────────────────────────────────────

    def key(self, who: str) -> LocalAccount:
        """Somebody's key."""
        if who not in self._keys:
            self._keys[who] = key_of(CAST[who])
        return self._keys[who]

    def address(self, who: str) -> str:
        """Somebody's account."""
        return str(self.key(who).address)

    def names(self) -> dict[str, str]:
        """Address → name of everybody."""
        return {self.address(key): person.name for key, person in CAST.items()}

    def money(self, text: str) -> int:
        """Whole budget tokens as units."""
        return parse_amount(text, self.dmo.budget_token.decimals)

    def written(self, units: int) -> str:
        """Units of the budget token as people write them."""
        token = self.dmo.budget_token
        return format_amount(units, token.decimals, token.symbol)

    # ── acts ────────────────────────────────────────────────────────────────────────────────────

    def tell(self, who: str | None, words: str, why: str = "") -> None:
        """Tell one line at the chain's time."""
        self.teller.line(self.dmo.chain.now(), CAST[who] if who else None, words, why)

    def send(self, who: str, call: Call) -> Receipt:
        """Send a call for somebody, and note its gas."""
        if who not in self._senders:
            self._senders[who] = KeySender(self.dmo.chain, self.key(who))
        receipt = self._senders[who].send(call)
        name = f"{call.contract}.{call.decoded()[0]}" if call.contract else "other"
        self.gas[name].append(receipt.gas_used)
        return receipt

    def act(self, who: str, call: Call, words: str, why: str = "") -> Receipt:
        """Send a call and tell it."""
        receipt = self.send(who, call)
        self.tell(who, words, why)
        return receipt

    def refused(self, who: str, call: Call, error: str, words: str) -> None:
        """Try a call that the contract refuses, and tell the client's explanation.

        Raises:
            StoryError: It was not refused, or for another reason.
        """
        try:
            self.dmo.chain.simulate(call, self.address(who))
        except Refused as refusal:
            if refusal.name != error:
                raise StoryError(f"expected {error}, the chain said {refusal.name}") from refusal
            message, hint = explain(refusal.name, refusal.arguments, self.dmo.words)
            for address, name in self.names().items():
                message = message.replace(address, name)
            self.tell(who, words, f"refused: {message} {hint}".strip())
            return
        raise StoryError(f"{call.description} was not refused")

    def allow(self, who: str, amount: int) -> None:
        """Let the escrow take exactly this, as a bond or a gift needs it."""
        token, spender = self.dmo.budget_token, self.dmo.address("CampaignEscrow")
        call = tokens.approve(token.address, spender, amount, token.symbol, token.decimals)
        self.send(who, call)

    def number(self, receipt: Receipt, contract: str, event: str, argument: str) -> int:
        """A number that an event of a transaction names."""
        found = self.dmo.chain.events_of(receipt, contract, self.dmo.address(contract), event)
        return int(found[-1].arguments[argument])

    # ── documents ───────────────────────────────────────────────────────────────────────────────

    def document(self, path: str) -> Document:
        """Read a document and fill in the accounts that it names."""
        raw = (self._folder / f"{path}.md").read_text("utf-8")
        text = _SLOT.sub(self._filled, raw)
        return parse(text.encode(), f"{path}.md")

    def _filled(self, found: re.Match[str]) -> str:
        """``{{ citra }}`` is somebody's account, ``{{ cid:ideas/x }}`` another document's CID."""
        return cid(self.document(found[2]).digest) if found[1] else self.address(found[2])

    def publish(self, who: str, path: str) -> Document:
        """Publish a document, so that everybody can read what a digest stands for."""
        doc = self.document(path)
        self.send(who, documents.publish(self.dmo, doc.raw, doc.title))
        return doc

    # ── ideas ───────────────────────────────────────────────────────────────────────────────────

    def idea_params(
        self,
        doc: Document,
        ask: str,
        fee_bps: int,
        lead: str | None = None,
        builds_on: tuple[int, int] | None = None,
    ) -> ideas.IdeaParams:
        """An idea's parameters; all campaigns of this story run four weeks."""
        return ideas.IdeaParams(
            doc.digest,
            self.money(ask),
            28 * DAY,
            fee_bps,
            self.address(lead) if lead else None,
            builds_on,
        )

    def post(
        self,
        who: str,
        path: str,
        ask: str,
        fee_bps: int,
        why: str,
        lead: str | None = None,
        builds_on: tuple[int, int] | None = None,
    ) -> int:
        """Publish an idea's document and post it."""
        doc = self.publish(who, path)
        params = self.idea_params(doc, ask, fee_bps, lead, builds_on)
        receipt = self.send(who, ideas.post(self.dmo, params, doc.title))
        number = self.number(receipt, "IdeaBoard", "IdeaPosted", "number")
        round_ = self.number(receipt, "IdeaBoard", "IdeaPosted", "round")
        unit = self.dmo.budget_token.symbol
        self.tell(who, f"posts idea {round_}.{number} “{doc.title}”, asking {ask} {unit}", why)
        return number

    def ballot(self, who: str, round_: int, choices: str, why: str = "", words: str = "") -> None:
        """Cast a ballot such as ``+1 -3`` directly."""
        call = ideas.cast_ballot(self.dmo, round_, choices_of(choices))
        self.act(who, call, words or f"votes {choices}", why)

    def sign(self, who: str, round_: int, choices: str) -> SignedBallot:
        """Sign a ballot now, for somebody else to send."""
        ballot = Ballot(self.address(who), round_, self.dmo.chain.now(), choices_of(choices))
        return sign_ballot(ideas.domain(self.dmo), ballot, self.key(who))

    def relay(self, who: str, ballots: Sequence[SignedBallot], why: str) -> int:
        """Send other people's signed ballots in one transaction; returns how many were cast."""
        receipt = self.send(who, ideas.cast_signed_ballots(self.dmo, ballots))
        board = self.dmo.address("IdeaBoard")
        cast = len(self.dmo.chain.events_of(receipt, "IdeaBoard", board, "BallotCast"))
        skipped = len(ballots) - cast
        words = f"brings {cast} signed ballots to the chain in one transaction"
        self.tell(who, words + (f"; {skipped} skipped" if skipped else ""), why)
        return cast

    def settle(self, who: str, round_: int, why: str) -> None:
        """Settle a round, showing the passing ideas in order."""
        found = ideas.ideas(self.dmo, round_)
        numbers = ideas.settlement_order(found)
        receipt = self.send(who, ideas.settle(self.dmo, round_, numbers))
        board = self.dmo.address("IdeaBoard")
        funded = [
            event.arguments["number"]
            for event in self.dmo.chain.events_of(receipt, "IdeaBoard", board, "IdeaFunded")
        ]
        listed = ", ".join(f"{round_}.{number}" for number in numbers)
        winners = ", ".join(f"{round_}.{number}" for number in funded)
        self.tell(who, f"settles round {round_}: {listed} passed; funded: {winners}", why)

    # ── governance ──────────────────────────────────────────────────────────────────────────────

    def propose(self, who: str, calls: Sequence[Call], text: str, why: str) -> Motion:
        """Propose calls for the treasury."""
        self.act(who, governance.propose(self.dmo, calls, text), f"proposes: {_first(text)}", why)
        return Motion(calls, text, governance.proposal_id(calls, text))

    def votes(self, motion: Motion, yes: Sequence[str], no: Sequence[str] = ()) -> None:
        """Let several people vote on a proposal."""
        for who in yes:
            self.send(who, governance.cast_vote(self.dmo, motion.id, governance.Support.FOR))
        for who in no:
            self.send(who, governance.cast_vote(self.dmo, motion.id, governance.Support.AGAINST))
        people = ", ".join(CAST[who].name for who in (*yes, *no))
        self.tell(None, f"{people} vote: {len(yes)} for, {len(no)} against")

    def queue(self, who: str, motion: Motion, words: str, why: str = "") -> None:
        """Hand a passed proposal to the timelock."""
        self.act(who, governance.queue(self.dmo, motion.calls, motion.text), words, why)

    def execute(self, who: str, motion: Motion, words: str, why: str = "") -> None:
        """Do what a proposal says, after the timelock."""
        self.act(who, governance.execute(self.dmo, motion.calls, motion.text), words, why)

    # ── campaigns ───────────────────────────────────────────────────────────────────────────────

    def bounty(
        self,
        lead: str,
        campaign: int,
        brief: str,
        reward: str,
        slots: int,
        until: str,
        why: str,
        worker: str | None = None,
        is_gift: bool = False,
        bond: str = "0",
    ) -> int:
        """Publish a brief and post its bounty; bond is what a worker leaves."""
        doc = self.publish(lead, f"briefs/{brief}")
        params = campaigns.BountyParams(
            campaign,
            self.money(reward),
            self.money(bond),
            self.clock.moment(until),
            slots,
            doc.digest,
            is_gift,
            self.address(worker) if worker else None,
        )
        receipt = self.send(lead, campaigns.post_bounty(self.dmo, params, self.dmo.words))
        number = self.number(receipt, "CampaignEscrow", "BountyPosted", "bounty")
        unit = self.dmo.budget_token.symbol
        times = f"{slots} × {reward} {unit}" if slots > 1 else f"{reward} {unit}"
        self.tell(lead, f"posts bounty {number} “{doc.title}”, {times}", why)
        return number

    def submit(
        self,
        worker: str,
        bounty: int,
        evidence: str,
        why: str,
        payees: Mapping[str, int] | None = None,
        publisher: str | None = None,
    ) -> int:
        """Publish evidence and submit it; payees by person, in percent."""
        doc = self.publish(publisher or worker, f"evidence/{evidence}")
        shares = [
            campaigns.Payee(self.address(who), percent * 100)
            for who, percent in (payees or {}).items()
        ]
        number, bond = self.hand_in(worker, bounty, doc, shares)
        self.tell(worker, f"submits work {number} “{doc.title}”{bond}", why)
        return number

    def hand_in(
        self, worker: str, bounty: int, doc: Document, shares: Sequence[campaigns.Payee] = ()
    ) -> tuple[int, str]:
        """Submit a document as work without a word; its number, and the bond in words."""
        bond = escrow.bounty(self.dmo, bounty).bond
        if bond:
            self.allow(worker, bond)
        receipt = self.send(worker, campaigns.submit_work(self.dmo, bounty, doc.digest, shares))
        number = self.number(receipt, "CampaignEscrow", "WorkSubmitted", "submission")
        return number, f" and leaves a bond of {self.written(bond)}" if bond else ""

    def accept(self, lead: str, submission: int, evidence: str, why: str) -> None:
        """Accept exactly this evidence."""
        doc = self.document(f"evidence/{evidence}")
        call = campaigns.accept_work(self.dmo, submission, doc.digest)
        self.act(lead, call, f"accepts work {submission}", why)

    def reject(self, lead: str, submission: int, evidence: str, reason: str, why: str) -> None:
        """Reject exactly this evidence, with a published reason."""
        doc = self.document(f"evidence/{evidence}")
        said = self.publish(lead, f"reasons/{reason}")
        call = campaigns.reject_work(self.dmo, submission, doc.digest, said.digest)
        self.act(lead, call, f"rejects work {submission}: “{said.title}”", why)

    def rework(self, worker: str, submission: int, evidence: str, why: str) -> None:
        """Answer a rejection with better evidence."""
        doc = self.publish(worker, f"evidence/{evidence}")
        call = campaigns.rework_work(self.dmo, submission, doc.digest)
        self.act(worker, call, f"reworks {submission}: “{doc.title}”", why)

    def lessons(self, lead: str, campaign: int, path: str, why: str) -> None:
        """Publish and file a campaign's lessons."""
        doc = self.publish(lead, f"lessons/{path}")
        call = campaigns.file_lessons(self.dmo, campaign, doc.digest)
        self.act(lead, call, f"files the lessons of campaign {campaign}: “{doc.title}”", why)

    def do_what_is_due(self, who: str, why: str) -> None:
        """Do everything that anybody may do now, as `./brownie run payout` does.

        One act makes another due: a ruling that is handed over makes work payable, its payment
        makes jurors so.
        """
        done: list[Call] = []
        while calls := [c for c in lens.due_calls(self.dmo, lens.due(self.dmo)) if c not in done]:
            for call in calls:
                self.act(who, call, _third_person(call.description), "" if done else why)
                done.append(call)
        if not done:
            raise StoryError("nothing was due")


def choices_of(text: str) -> tuple[Choice, ...]:
    """Choices written as ``+1 -3``."""
    return tuple(Choice(int(word[1:]), word[0] == "+") for word in text.split())


def _third_person(description: str) -> str:
    """``Pay submission 1`` → ``pays submission 1``."""
    verb, _, rest = description.partition(" ")
    return f"{verb.lower()}s {rest}"


def _first(text: str) -> str:
    return text.strip().splitlines()[0].strip("# ")


def raw_call(to: str, signature: str, arguments: Sequence[Any], words: str) -> Call:
    """A call of a contract that the package has no ABI of, such as the play stablecoin."""
    from dmo.core.abi.codec import encode, keccak

    types = signature[signature.index("(") + 1 : -1]
    data = keccak(signature.encode())[:4] + encode(types.split(",") if types else [], arguments)
    return Call(to, data, 0, words)

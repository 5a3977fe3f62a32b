"""Governance: proposals to the holders, for what is rare and grave; roles; any contract's calls."""

import shlex
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dmo.capabilities.deciphered import deciphered, trouble
from dmo.capabilities.lens import VOTES
from dmo.core import act, engine, words
from dmo.core.abi import encode_call
from dmo.core.abi.codec import encode, keccak
from dmo.core.act import Act, arg, option
from dmo.core.calls import Call
from dmo.core.chain import Read
from dmo.core.compared import Compared
from dmo.core.due import Item, due, wanted
from dmo.core.engine import Done
from dmo.core.errors import Refused
from dmo.core.facts import Fact, of
from dmo.core.files import read_text
from dmo.core.kinds import ACCOUNT, FLAG, NUMBER, TEXT, TIME, Kind, Timestamp, Value, choice, listed, shape
from dmo.core.text import one_line, printable
from dmo.core.view import Query
from dmo.home.home import Home

GOVERNOR = "HolderGovernor"
MOST_BYTES = 64 * 1024
"""Of a proposal's text."""
CONTENT = "(address[],uint256[],bytes[],bytes32)"
NUMERAL = Kind("NUMBER", lambda home, text: int(text), plain=str)
STATE = choice(
    "proposal_state", *("pending", "active", "canceled", "defeated", "succeeded", "queued", "expired", "executed")
)
_LONG = 365 * 86_400
"""Seconds after its vote in which no proposal is alive any more, at the longest delays."""
_LIVE = ("pending", "active", "succeeded", "queued")
SUPPORT = choice("support", "against", "for", "abstain", name="for|against|abstain")
SAME = {"yes": "for", "no": "against"}
MADE = {"proposal_id": NUMERAL}


@dataclass
class Proposal(
    Fact, key=("proposal_id",), born="HolderGovernor.ProposalCreated", changed=("HolderGovernor.ProposalQueued",)
):
    """A proposal as it was made. ``proposals`` asks the governor for its state and its votes."""

    proposal_id: int = of(NUMERAL)
    proposer: str = of(ACCOUNT)
    targets: tuple[str, ...] = of(listed(ACCOUNT))
    values: tuple[int, ...] = of(listed(NUMERAL))
    calldatas: tuple[bytes, ...] = of(TEXT)
    description: str = of(TEXT)
    vote_start: Timestamp = of(TIME)
    vote_end: Timestamp = of(TIME)
    eta_seconds: Timestamp = of(TIME, Timestamp(0))
    place: int = of(NUMBER, 0)
    state: str = of(STATE, "pending")
    late_from: Timestamp = of(TIME, Timestamp(0))
    expires_at: Timestamp = of(TIME, Timestamp(0))
    against: int = of(VOTES, 0)
    in_favour: int = of(VOTES, 0)
    abstain: int = of(VOTES, 0)

    @property
    def title(self) -> str:
        """The first line of its text."""
        return _title(self.description)

    def calls(self, home: Home) -> list[Call]:
        """What it does."""
        return [deciphered(home, *one) for one in zip(self.targets, self.values, self.calldatas, strict=True)]

    def does(self, home: Home) -> str:
        """The same in words, one call a line."""
        return printable("\n".join(call.description for call in self.calls(home)))

    def trouble(self, home: Home) -> str:
        """Why it would be refused if it were carried out now; empty where it would not, or is over."""
        return trouble(home, self.calls(home)) if self.state in _LIVE else ""

    def has_begun(self, now: int) -> bool:
        """Whether weights and quorum are known."""
        return now > self.vote_start


def _title(text: str) -> str:
    first = (text.strip().splitlines() or [""])[0]
    return one_line(first.strip("# "), 80)


def _over(home: Home) -> set[int]:
    """What was executed or canceled, or whose vote ended so long ago that it has expired."""
    ended = home.events("HolderGovernor.ProposalExecuted", "HolderGovernor.ProposalCanceled")
    old = {number for number, one in home.facts(Proposal).items() if home.now > one.vote_end + _LONG}
    return old | {event.arguments["proposalId"] for event in ended}


def asked(home: Home, over: Container[int] = ()) -> list[Read]:
    """What events do not tell of proposals, but those that are over."""
    views = ("state", "lateFrom", "expiresAt", "proposalVotes")
    return [home.reading(GOVERNOR, v, number) for number in home.facts(Proposal) if number not in over for v in views]


def proposals(home: Home, over: Container[int] = ()) -> list[Proposal]:
    """All proposals, but those that are over, in the order they were made; places count from 1."""
    known, answers = enumerate(home.facts(Proposal).values(), 1), iter(home.read(asked(home, over)))
    live = [(place, one) for place, one in known if one.proposal_id not in over]
    for (place, one), state, *times, votes in zip(live, *[answers] * 4, strict=True):
        told = dict(zip(("against", "in_favour", "abstain"), votes, strict=True))
        told |= dict(zip(("late_from", "expires_at"), map(Timestamp, times), strict=True))
        one.update(place=place, state=STATE.choices[state], **told)
    return [one for _, one in live]


def proposal_id(calls: Sequence[Call], description: str) -> int:
    """The number a proposal has, from its content alone."""
    packed = encode(["address[]", "uint256[]", "bytes[]", "bytes32"], [*_lists(calls), keccak(description.encode())])
    return int.from_bytes(keccak(packed), "big")


def operation_id(governor: str, actions: Sequence[Any], description: str) -> bytes:
    """The operation in the treasury that a proposal leads to: no predecessor, salted with governor and description."""
    own = bytes.fromhex(governor[2:]) + bytes(12)
    salt = bytes(x ^ y for x, y in zip(own, keccak(description.encode()), strict=True))
    kinds = ["address[]", "uint256[]", "bytes[]", "bytes32", "bytes32"]
    return keccak(encode(kinds, [*actions, bytes(32), salt]))


def _lists(calls: Sequence[Call]) -> tuple[list[str], list[int], list[bytes]]:
    return [call.to for call in calls], [call.value for call in calls], [call.data for call in calls]


def _find(home: Home, text: str) -> Proposal:
    """A proposal by its place in the list, or by its number or the beginning of it."""
    cleaned = text.strip().lstrip("#")
    if not (cleaned.isascii() and cleaned.isdigit()):
        raise words.bad("no_proposal_named", given=text[:40])
    begins = cleaned if len(cleaned) > 5 else "-"
    hits = [one for one in proposals(home) if cleaned == str(one.place) or str(one.proposal_id).startswith(begins)]
    if len(hits) != 1:
        raise words.missing("no_proposal", given=cleaned)
    return hits[0]


PROPOSAL = Kind(
    "PROPOSAL",
    _find,
    lambda home, one: str(one.place) if one else "",
    lambda one: str(one.proposal_id),
    like="proposal",
)


def _act(home: Home, text: str) -> Act:
    """An act as scripts write it: ``campaign deposit amount=500``."""
    try:
        noun, verb, *pairs = shlex.split(text)
        found = Act.registry[f"{noun} {verb}"]
    except (KeyError, ValueError):
        raise words.bad("no_act", given=text[:60]) from None
    treasury = home.acting_as(home.dmo.address("Treasury"))
    return act.read(found, treasury, act.given(found, pairs))


ACTS = listed(Kind("ACT", _act, lambda home, one: one.name, lambda one: one.name), "ACT...")


def _markdown(home: Home, text: str) -> str:
    try:
        found = read_text(home.file(text), MOST_BYTES).strip()
    except FileNotFoundError as error:
        raise words.bad("unreadable", why=error.strerror).at(file=text) from None
    if not found:
        raise words.bad("empty_text").at(file=text)
    # So that a copy cannot take its place: OpenZeppelin's Governor takes a text that ends so from this account alone.
    return found if "#proposer=" in found or not home.maybe_me else f"{found}\n\n#proposer={home.me}"


class Propose(
    Act, name="govern propose", call="HolderGovernor.propose", told_by="ProposalCreated", tells=MADE, who="holder"
):
    text: str = arg(Kind("TEXT-FILE", _markdown, paper="text"))
    acts: list[Act] = arg(ACTS)

    def calls(self, home: Home) -> list[Call]:
        """What the treasury would do."""
        treasury = home.acting_as(home.dmo.address("Treasury"))
        return [step.call for one in self.acts for step in engine.plan(treasury, one).steps]

    def arguments(self, home: Home) -> Sequence[Any]:
        return [*_lists(self.calls(home)), self.text]

    def facts(self, home: Home) -> Mapping[str, Value]:
        calls = self.calls(home)
        # As everybody will read it, not as it was asked for.
        does = "\n".join(deciphered(home, one.to, one.value, one.data).description for one in calls)
        told = {"title": TEXT(_title(self.text)), "does": TEXT(does), "trouble": TEXT(trouble(home, calls))}
        return {**told, "proposal": NUMERAL(proposal_id(calls, self.text))}


def _support(home: Home, text: str) -> Any:
    return SUPPORT.read(home, SAME.get(text.strip().lower(), text))


def _content(one: Proposal) -> tuple[Any, ...]:
    """A proposal as the governor is told which."""
    return tuple(one.targets), tuple(one.values), tuple(one.calldatas), keccak(one.description.encode())


class _OnProposal(Act):
    proposal: Proposal = arg(PROPOSAL)
    compared = Compared(
        {
            **{key: f"shown.{key}" for key in ("targets", "values", "calldatas")},
            "descriptionHash": "hash shown.description",
        },
        unsaid=("proposal",),
    )

    def shown_before(self, home: Home) -> Mapping[str, Any]:
        one = self.proposal
        calls = {"targets": [*one.targets], "values": [*map(str, one.values)]}
        return {**calls, "calldatas": ["0x" + data.hex() for data in one.calldatas], "description": one.description}

    def arguments(self, home: Home) -> Sequence[Any]:
        return _content(self.proposal)

    def facts(self, home: Home) -> Mapping[str, Value]:
        one = self.proposal
        return {"does": TEXT(one.does(home)), "trouble": TEXT(one.trouble(home))}


class VoteOnProposal(_OnProposal, name="govern vote", call="HolderGovernor.castVote", told_by="VoteCast", who="holder"):
    support: str = arg(replace(SUPPORT, read=_support))
    reason: str = option(TEXT, "")
    compared = Compared({"proposalId": "proposal"}, also=("castVoteWithReason",))

    def without_effect(self, home: Home) -> str:
        one, me = self.proposal, home.maybe_me
        if me is None or not one.has_begun(home.now) or home.read(_voter_reads(home, me, one))[1]:
            return ""
        return home.word("govern", "no_weight")

    def facts(self, home: Home) -> Mapping[str, Value]:
        one, me = self.proposal, home.maybe_me
        told = {**super().facts(home), "in_favour": VOTES(one.in_favour), "opposed": VOTES(one.against)}
        if not one.has_begun(home.now):
            return told
        weights = _voter_reads(home, me, one)[1:] if me else []
        quorum, *weight = home.read([_quorum(home, one), *weights])
        return {**told, "quorum": VOTES(quorum), "weight": VOTES(weight[0] if weight else None)}

    def function(self, home: Home) -> str:
        return "castVoteWithReason" if self.reason else "castVote"

    def arguments(self, home: Home) -> Sequence[Any]:
        vote = [self.proposal.proposal_id, SUPPORT.choices.index(self.support)]
        return [*vote, self.reason] if self.reason else vote


class Queue(_OnProposal, name="govern queue", call=f"HolderGovernor.queue{CONTENT}", told_by="ProposalQueued"):
    def told(self, home: Home, done: Done) -> Mapping[str, Value]:
        event = done.event("ProposalQueued")
        return {"eta": TIME(event.arguments["etaSeconds"] if event else None)}


class Execute(_OnProposal, name="govern execute", call=f"HolderGovernor.execute{CONTENT}", told_by="ProposalExecuted"):
    """Execute a queued proposal."""


class Cancel(
    _OnProposal,
    name="govern cancel",
    call=f"HolderGovernor.cancel{CONTENT}",
    told_by="ProposalCanceled",
    who="proposer",
):
    """Cancel one's own proposal while its vote has not opened."""


class Stop(_OnProposal, name="govern stop", call="HolderGovernor.relay", who="the treasury, by a proposal"):
    def arguments(self, home: Home) -> Sequence[Any]:
        actions = super().arguments(home)[:3]
        operation = operation_id(home.dmo.address(GOVERNOR), actions, self.proposal.description)
        return [home.dmo.address("Treasury"), 0, encode_call("Treasury", "cancel", [operation])]


PROPOSAL_SHAPE = {
    **shape(
        (TEXT, "id title description does trouble"),
        (TIME, "snapshot late_from deadline eta expires_at"),
        (VOTES, "for against abstain quorum"),
    ),
    **{"place": NUMBER, "voters": NUMBER, "proposer": ACCOUNT, "state": STATE, "waits": FLAG},
    "calls": [shape((TEXT, "to value data description"))],
}


class ListProposals(Query, name="govern list", gives={"proposals": [PROPOSAL_SHAPE]}):
    def answer(self, home: Home) -> Mapping[str, Any]:
        found, cast = proposals(home), home.events("HolderGovernor.VoteCast")
        begun = [one for one in found if one.has_begun(home.now)]
        quorums = dict(zip((one.place for one in begun), home.read([_quorum(home, one) for one in begun]), strict=True))
        rows = [
            {
                **vars(one),
                **{"id": str(one.proposal_id), "title": one.title, "description": printable(one.description)},
                **{"calls": [call.calldata() for call in one.calls(home)], "does": one.does(home)},
                **{"snapshot": one.vote_start, "deadline": one.vote_end, "eta": one.eta_seconds, "for": one.in_favour},
                **{"quorum": quorums.get(one.place), "trouble": one.trouble(home) or None},
                "voters": sum(event.arguments["proposalId"] == one.proposal_id for event in cast),
                "waits": one.state == "queued" and home.now < one.eta_seconds,
            }
            for one in found
        ]
        return {"proposals": rows}


def _quorum(home: Home, one: Proposal) -> Read:
    return home.reading(GOVERNOR, "quorum", one.vote_start)


def _voter_reads(home: Home, account: str, one: Proposal) -> list[Read]:
    voted = home.reading(GOVERNOR, "hasVoted", one.proposal_id, account)
    return [voted, home.reading(GOVERNOR, "pastWeight", account, one.vote_start)]


def _tries(home: Home) -> dict[int, Read]:
    """What is queued and has waited long enough, tried: anybody could send that now."""
    over = _over(home)
    return {
        one.proposal_id: home.reading(GOVERNOR, Execute.call[1], *_content(one))
        for one in home.facts(Proposal).values()
        if one.proposal_id not in over and one.eta_seconds and home.now >= one.eta_seconds
    }


@wanted
def _wanted(home: Home, account: str | None) -> Iterable[Read]:
    running = [one for one in home.facts(Proposal).values() if one.has_begun(home.now) and home.now <= one.vote_end]
    mine = [read for one in running for read in _voter_reads(home, account, one)] if account else []
    return [*asked(home, _over(home)), *mine, *_tries(home).values()]


@due
def _due(home: Home, account: str | None) -> Iterator[Item]:
    tries = _tries(home)
    for one in proposals(home, _over(home)):
        values = {"proposal": PROPOSAL(one)}
        if one.state == "active" and account is not None:
            has_voted, votes = home.read(_voter_reads(home, account, one))
            if votes and not has_voted:
                support = "for" if home.now < one.late_from else "against"  # late nothing else is taken
                yield Item("proposal", one.vote_end, True, f"govern vote {one.place} {support}", values)
        elif one.state == "succeeded":
            yield Item("queue", one.expires_at, True, f"govern queue {one.place}", values, (Queue(one),))
        elif one.state == "queued" and one.proposal_id in tries:
            (answer,) = home.snapshot.try_read([tries[one.proposal_id]])
            if not isinstance(answer, Refused):
                yield Item("execute", one.expires_at, True, f"govern execute {one.place}", values, (Execute(one),))
            elif account is not None:
                told = {**values, "why": TEXT(home.explained(answer).message)}
                yield Item("stuck", one.expires_at, False, "govern list", told)
        elif one.state == "queued" and account is not None:
            yield Item("waiting", one.eta_seconds, False, f"govern execute {one.place}", values)

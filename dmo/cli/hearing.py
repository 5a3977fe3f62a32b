"""A disputed submission as its jurors need it: what is at stake, what was said, what comes next."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from dmo.cli import papers, texts
from dmo.cli.session import Session
from dmo.cli.stakes import Docket, docket, outcome_table
from dmo.client import disputes, ideas, jurors
from dmo.client.disputes import Dispute, JuryCase
from dmo.client.jurors import Phase, Standing
from dmo.client.outcomes import Stakes
from dmo.client.settlements import settlement
from dmo.core.units import format_amount, format_time

if TYPE_CHECKING:
    from dmo.home.documents import Document, Unreadable

__all__ = ["anybodys", "facts", "line", "ruled", "show", "weight"]

_TEXTS = 20


# ── words ───────────────────────────────────────────────────────────────────────────────────────


def weight(session: Session, case: JuryCase, amount: int) -> str:
    """A juror's weight, in points or votes."""
    if case.is_from_reputation:
        return format_amount(amount // 10**14 * 10**14, 18, "points")
    return session.votes(amount)


def facts(one: Dispute) -> dict[str, Any]:
    """A dispute for machines."""
    return {
        "submission": one.submission,
        "challenge": one.is_challenge,
        "opener": one.opener,
        "until": one.until,
        "bond": str(one.bond),
        "ruling": texts.RULINGS[one.ruling] if one.is_ruled else None,
        "settled": one.is_settled,
        "owed_to_jurors": str(one.pot),
    }


def line(session: Session, one: Dispute) -> str:
    """A dispute in a line or two: what is disputed, by whom, how it stands."""
    said = texts.DISPUTED_LINE.format(texts.DISPUTE_KIND[one.is_challenge], session.who(one.opener))
    if not one.is_open(session.now):
        return f"{said}\n{ruled(one)}"
    stands = texts.WITHOUT_RULING[one.is_challenge]
    return f"{said}\n{texts.DISPUTED_UNTIL.format(session.when(one.until), stands)}"


def ruled(one: Dispute) -> str:
    """How a dispute that is over ended."""
    if one.is_ruled:
        return texts.RULED_SO.format(texts.RULINGS[one.ruling])
    return texts.RULED_NOT


def _state(session: Session, one: Dispute) -> str:
    now, _ = jurors.phase(one, session.now)
    moments = [one.until] * 3
    if one.jury is not None:
        moments = [one.jury.commit_until, one.jury.reveal_until, one.until]
    return texts.PHASE_LINES[now.value].format(
        *(session.when(moment) for moment in moments),
        session.who(one.arbitrator),
        ruled(one),
        texts.WAITS_TO_BE[one.is_paid],
    )


def _you(session: Session, one: Dispute, standing: Standing | None, is_party: bool) -> str:
    """What this account is in the dispute."""
    if is_party:
        return texts.YOU_PARTY
    if standing is None or one.jury is None:
        return ""
    if not standing.weight:
        return texts.YOU_NO_WEIGHT
    has = texts.YOU_WEIGHT.format(weight(session, one.jury, standing.weight))
    if standing.is_revealed:
        has = texts.YOU_REVEALED.format(has)
        owed = jurors.unpaid_jurors(session.dmo, [one]).get(one.submission, {})
        mine = owed.get(session.me)
        return f"{has}\n{texts.YOU_OWED.format(session.money(mine))}" if mine else has
    if not standing.commitment:
        return has
    kept = session.salts.behind(standing.commitment)
    if kept is None:
        return texts.YOU_COMMITTED_ELSEWHERE.format(has)
    return texts.YOU_COMMITTED.format(has, texts.RULINGS[kept.ruling])


def anybodys(session: Session, one: Dispute) -> str:
    """The exact command with which anybody moves a dispute on now; empty if nobody can."""
    now, until = jurors.phase(one, session.now)
    if now is Phase.SETTLED and one.pot:
        return texts.DISPUTE_NEXT["jurors"].format(one.submission)
    if now is Phase.OVER:
        return texts.DISPUTE_NEXT["pay" if one.is_paid else "release"].format(one.submission)
    if now is Phase.RULE:
        return texts.DISPUTE_NEXT["rule"].format(one.submission, session.when(until))
    return ""


def _next(session: Session, one: Dispute, standing: Standing | None) -> str:
    """The exact command that comes next."""
    now, until = jurors.phase(one, session.now)
    number, when = one.submission, session.when(until)
    if now in (Phase.SETTLED, Phase.OVER, Phase.RULE):
        return anybodys(session, one)
    has_weight = standing is not None and standing.weight > 0
    has_committed = standing is not None and bool(standing.commitment)
    if now is Phase.COMMIT and has_weight:
        return texts.DISPUTE_NEXT["committed" if has_committed else "commit"].format(number, when)
    if now is Phase.REVEAL:
        return texts.DISPUTE_NEXT["reveal" if has_committed else "waits"].format(number, when)
    return texts.DISPUTE_NEXT["evidence"].format(number, session.when(one.until))


# ── the whole view ──────────────────────────────────────────────────────────────────────────────


def show(session: Session, submission: int, everything: bool) -> None:
    """Show a dispute as its jurors need it."""
    one = disputes.dispute(session.dmo, submission)
    docs = docket(session, submission)
    me = session.maybe_me
    concerned = {one.opener, one.lead, docs.campaign.lead, docs.work.worker}
    concerned |= {payee.account for payee in docs.payees}
    parties = jurors.parties(session.dmo, one, concerned | ({me} if me else set()))
    standing = None
    if me is not None:
        standing = jurors.standings(session.dmo, [(one, me)]).get((submission, me))
    now, until = jurors.phase(one, session.now)
    following = _next(session, one, standing)
    session.screen.data.update(
        submission=submission,
        bounty=docs.bounty.id,
        campaign=docs.campaign.id,
        challenge=one.is_challenge,
        opener=one.opener,
        lead=one.lead,
        worker=docs.work.worker,
        parties=sorted(parties),
        phase=now.value,
        phase_until=until or None,
        until=one.until,
        arbitrator=one.arbitrator,
        case=one.case,
        bond=str(one.bond),
        reward=str(docs.bounty.reward),
        worker_bond=str(docs.bounty.bond),
        ruling=texts.RULINGS[one.ruling] if one.is_ruled else None,
        jury=_jury(one.jury) if one.jury else None,
        me=_me(session, one, standing, parties),
        next=following,
    )
    _facts(session, one, docs, parties, standing)
    _documents(session, one, docs, everything, concerned)
    is_over = now in (Phase.OVER, Phase.SETTLED)
    stakes = _stakes(session, one, docs)
    outcome_table(session, docs, stakes, one.opener, one.ruling if is_over else None)
    if following:
        session.screen.say()
        session.screen.say(texts.NEXT.format(following))


def _stakes(session: Session, one: Dispute, docs: Docket) -> Stakes:
    """What the dispute is about; once it is settled, as it was then."""
    if one.is_settled:
        then = docs.stakes(one.is_challenge, one.bond, one.pot_whole > 0)
        return replace(then, fee_left=settlement(session.dmo, one.submission).fee_taken)
    has_jurors = one.pays_jurors
    if one.jury is not None and session.now >= one.jury.reveal_until:
        has_jurors = has_jurors and one.jury.for_one + one.jury.for_two > 0
    return docs.stakes(one.is_challenge, one.bond, has_jurors)


def _jury(case: JuryCase) -> dict[str, Any]:
    return {
        "address": case.address,
        "commit_until": case.commit_until,
        "reveal_until": case.reveal_until,
        "from_reputation": case.is_from_reputation,
        "quorum": str(case.quorum),
        "for_pay": str(case.for_one),
        "for_refuse": str(case.for_two),
        "ruling": texts.RULINGS[case.ruling],
    }


def _me(
    session: Session, one: Dispute, standing: Standing | None, parties: set[str]
) -> dict[str, Any] | None:
    if session.maybe_me is None:
        return None
    kept = session.salts.behind(standing.commitment) if standing else None
    return {
        "account": session.me,
        "party": session.me in parties,
        "weight": str(standing.weight) if standing else None,
        "committed": bool(standing and standing.commitment),
        "committed_to": texts.RULINGS[kept.ruling] if kept else None,
        "salt_here": kept is not None,
        "revealed": bool(standing and standing.is_revealed),
    }


def _facts(
    session: Session, one: Dispute, docs: Docket, parties: set[str], standing: Standing | None
) -> None:
    known = one.jury
    session.screen.heading(
        texts.DISPUTE_HEADING.format(one.submission, texts.DISPUTE_KIND[one.is_challenge])
    )
    judged = texts.AS_DISPUTE.format(session.who(one.arbitrator), one.case)
    if known is not None:
        source = texts.JURORS_FROM[known.is_from_reputation]
        judged += f"\n{source.format(format_time(known.opened_at - 1))}"
    you = _you(session, one, standing, session.maybe_me in parties) if session.maybe_me else ""
    session.screen.fields(
        [
            ("state", _state(session, one)),
            ("opened by", texts.OPENED_BY.format(session.who(one.opener), session.money(one.bond))),
            ("worker", session.who(docs.work.worker)),
            ("lead", session.who(docs.campaign.lead)),
            (
                "reward",
                texts.BONDS.format(
                    session.money(docs.bounty.reward), session.money(docs.bounty.bond)
                ),
            ),
            ("of what", texts.LESSONS_OF.format(docs.campaign.id) if docs.is_lessons else ""),
            ("judged by", judged),
            (
                "quorum",
                texts.QUORUM.format(
                    *(
                        weight(session, known, a)
                        for a in (known.quorum, known.for_one, known.for_two)
                    )
                )
                if known is not None
                else "",
            ),
            ("cannot judge", "\n".join(sorted(session.who(who) for who in parties))),
            (
                "no ruling",
                texts.WITHOUT_RULING[one.is_challenge] if one.is_open(session.now) else "",
            ),
            ("you", you),
        ]
    )


@dataclass(frozen=True)
class _Paper:
    """A text of the dispute: its part, who gave it, and its digest."""

    role: str
    party: str
    digest: bytes


def _papers(session: Session, one: Dispute, docs: Docket) -> list[_Paper]:
    """All texts, in the order a juror reads them; parties' evidence before strangers'."""
    work, lead = docs.work, docs.campaign.lead
    if docs.is_lessons:
        idea = ideas.idea(session.dmo, docs.campaign.round, docs.campaign.number)
        found = [
            _Paper("idea", idea.author, idea.digest),
            _Paper("lessons", work.worker, work.evidence),
        ]
    else:
        found = [_Paper("brief", lead, docs.bounty.brief)]
        found.append(_Paper("evidence", work.worker, work.evidence))
    rejections = session.dmo.events("CampaignEscrow", "WorkRejected", submission=one.submission)
    found += [
        _Paper("reason", event.arguments["lead"], event.arguments["reason"])
        for event in rejections[-1:]
        if event.arguments["evidence"] == work.evidence
    ]
    opened = session.dmo.events("DisputeDesk", "DisputeOpened", submission=one.submission)
    statement = (one.opener, opened[0].arguments["statement"])
    found.append(_Paper("statement", *statement))
    said = [(its.party, its.digest) for its in disputes.evidence(session.dmo, one.submission)]
    said.remove(statement)
    parties = {one.opener, one.lead, lead, work.worker}
    # Parties come first, and of everybody the first text before anybody's second: whoever gives
    # many hides nobody's one.
    given = Counter[str]()
    places = []
    for party, digest in said:
        places.append((party not in parties, given[party], _Paper("given", party, digest)))
        given[party] += 1
    return [*found, *(paper for *_, paper in sorted(places, key=lambda place: place[:2]))]


def _documents(
    session: Session, one: Dispute, docs: Docket, everything: bool, parties: set[str]
) -> None:
    """Every text, hashed; copied evidence is pointed out. Strangers' are not looked for afar."""
    found = _papers(session, one, docs)
    shown = found if everything else found[:_TEXTS]
    listed = []
    for paper in shown:
        session.screen.say()
        session.screen.heading(texts.ROLES[paper.role].format(session.who(paper.party)))
        is_far = everything or paper.role != "given" or paper.party in parties
        document = papers.display(session, paper.digest, is_far=is_far)
        copied = _copied_from(paper, document)
        if copied is not None:
            session.screen.note(
                texts.COPIED_EVIDENCE.format(session.who(copied), session.who(paper.party))
            )
        listed.append(
            {
                "role": paper.role,
                "party": paper.party,
                "digest": paper.digest,
                "copied_from": copied,
                "document": papers.facts(document) if document else None,
            }
        )
    session.screen.data.update(documents=listed, documents_left=len(found) - len(shown))
    if len(found) > len(shown):
        session.screen.say()
        session.screen.say(texts.MORE_EVIDENCE.format(len(found) - len(shown), one.submission))


def _copied_from(paper: _Paper, document: Document | Unreadable | None) -> str | None:
    """Whom evidence names, where that is not who gave it."""
    front = getattr(document, "front", None)
    if front is None or front.kind != "evidence":
        return None
    named = str(front.worker)
    return None if named == paper.party else named

"""The report's tables: rows of values by name; columns and titles stand in the words."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from dmo.capabilities.achieved import achieved
from dmo.capabilities.analytics import foreseen
from dmo.capabilities.content import KINDS, terms_of
from dmo.capabilities.disputes import Dispute
from dmo.capabilities.history import History, RoundHeld
from dmo.capabilities.merits import level_of, season_at, season_board, season_times
from dmo.capabilities.submissions import Submission
from dmo.core import kinds, words
from dmo.core.view import Table, View
from dmo.faces.told import Title, Told

Row = Mapping[str, Any]


def _campaigns(told: Told, _: None) -> Iterator[Row]:
    history = told.history
    for one in history.campaigns:
        number, spent = one.campaign, history.spent[one.campaign]
        posted, paid = history.at("IdeaPosted", one.round, one.number) or 0, history.first_payment(number)
        times = {"posted": posted, "funded": history.at("CampaignFunded", number), "first_paid": paid}
        ends = {"filed": history.at("LessonsFiled", number), "closed": history.closed_at(number)}
        span = paid - posted if paid else None
        own = {"title": told.idea(one), "span": span, "days": span // 86_400 if span else None}
        days = {f"{key}_day": at for key, at in times.items()}
        yield {**vars(one), **spent, **times, **days, **ends, **own, "lost": one.fee_taken}


def _goals(told: Told, _: None) -> Iterator[Row]:
    """What each campaign was to reach, in its idea's language, and what it reached, in that of its lessons."""
    for one, row in zip(told.history.campaigns, achieved(told.history), strict=True):
        title, lessons = told.idea(one), told.history.lessons.get(one.campaign)
        lesson = told.work(lessons) if lessons else Title("")
        result = Title(row["result"] or "", lesson.lang, lesson.anchor) if lessons else None
        known = "way" if row["way"] is not None else "unknown" if lessons else "none"
        state = ("reached" if row["way"] >= 1 else "short") if known == "way" else known
        goal = {
            "metric": Title(row["metric"] or "", title.lang),
            "title": title,
            "short": title,
            "result": result,
            "by": row["date"],
        }
        yield {**row, **goal, "state": state, "lesson": lesson, "is_reached": row["way"] is not None}


def _disclosures(told: Told, _: None) -> Iterator[Row]:
    """How it was told that work is paid, where either document says something."""
    for row in achieved(told.history):
        for one in row["work"]:
            if one["asked"] or one["told"]:
                yield {**one, "title": told.work(told.history.work_of[one["submission"]])}


def _rounds(told: Told, _: None) -> Iterator[Row]:
    turnout = {row["round"]: row for row in told.history.more.get("turnout", ())}
    for one in told.history.rounds:
        settled = vars(one.settled) if one.settled else {}
        budgeted = "not_settled" if not settled else "short" if settled["budget"] < one.cap else "whole"
        yield {**one._asdict(), "round": one.number, **settled, "budgeted": budgeted, **turnout.get(one.number, {})}


def _ideas(told: Told, one: RoundHeld | None) -> Iterator[Row]:
    for its in told.history.ideas.values():
        if one is None or its.round == one.number:
            title = told.idea(its)
            own = {"place": f"{its.round}/{its.number}", "title": title, "short": title, "net": its.net}
            yield {**vars(its), **own, "outcome": told.history.outcome(its)}


def story(told: Told, one: Submission) -> list[str]:
    """What happened to a submission."""
    history, number = told.history, one.submission
    dispute = next((its for its in history.disputes if its.submission == number), None)
    steps = ("rejected", "reworked", "withdrawn", "accepted", "paid", "released")
    happened = [step for step in steps if history.at(f"Work{step.title()}", number)]
    found = [step for step in happened if step in steps[:4]]
    is_challenged = dispute is not None and dispute.is_challenge
    if "accepted" not in found and (is_challenged or history.is_silent(one)):
        found.append("silent")
    if dispute:
        ending = history.ending(dispute)
        found.append("challenged" if is_challenged else "contested" if dispute.is_contested else "disputed")
        found += [ending] if ending != "open" else []
    return [*found, *[step for step in happened if step in steps[4:]][:1]] or ["review"]


def _work(told: Told, _: None) -> Iterator[Row]:
    for one in told.history.work:
        submitted, bounty = told.history.at("WorkSubmitted", one.submission), told.history.bounties[one.bounty]
        own = {"title": told.work(one), "submitted": submitted, "story": story(told, one)}
        yield {**vars(bounty), **vars(one), **own}


def _payments(told: Told, _: None) -> Iterator[Row]:
    titles = {one.campaign: told.idea(one) for one in told.history.campaigns}
    for one in told.history.payments:
        yield {**one._asdict(), "to": one.to if one.to != one.payee else None, "title": titles.get(one.campaign)}


def _batches(told: Told, _: None) -> Iterator[Row]:
    """Payments one by one, but jurors of one transaction together."""
    found = enumerate(_payments(told, None))
    rows = [{**row, "place": None if row["kind"] == "juror" else place} for place, row in found]
    for _key, group in groupby(rows, itemgetter("tx", "kind", "is_credited", "place")):
        first, *more = group
        amount = sum(row["amount"] for row in (first, *more))
        many = {"many": 1 + len(more), "payee": None} if more else {}
        yield {**first, "day": first["at"], "campaign": first["campaign"] or None, "amount": amount, **many}


def _people(told: Told, _: None) -> Iterator[Row]:
    """Everybody who was paid."""
    history = told.history
    accounts = {payment.payee for payment in history.payments}
    points = {account: (history.standing.get(account) or (0,))[-1] for account in accounts}
    for account in sorted(accounts, key=lambda a: (-points[a], told.who(a))):
        paid = (p.amount for p in history.payments if p.payee == account and p.campaign)
        awarded = history.sum("PointsAwarded", account)
        its = {"points": points[account], "level": level_of(awarded, history.level_unit)}
        yield {"account": account, "earned": sum(paid), "awarded": awarded, **its}


def _seasons(told: Told, _: None) -> Iterator[Row]:
    """Who earned most points in each season, the latest first."""
    history = told.history
    for number in range(season_at(history.origin, history.now), 0, -1):
        began, until = season_times(history.origin, number)
        for one in season_board(history.awards, history.origin, number):
            yield {**one._asdict(), "season": number, "began": began, "until": until}


def _foreseen(told: Told, _: None) -> Iterator[Row]:
    """What forecasts said, and what came of it."""
    titles = {one.campaign: told.idea(one) for one in told.history.campaigns}
    for one in foreseen(told.history):
        told_of = {"expected_ppm": one.forecast, "came_ppm": one.outcome, "off_ppm": one.off}
        yield {"campaign": one.campaign, **dict.fromkeys(("title", "short"), titles[one.campaign]), **told_of}


def _deeds(told: Told, account: str) -> Iterator[Row]:
    """All that somebody did and got, in order: a person's own part of the history."""
    history, found = told.history, list[dict[str, Any]]()

    def add(at: int | None, did: str, title: Title | None = None, amount: int | None = None, **more: Any) -> None:
        found.append({"at": at or 0, "did": did, "title": title, "amount": amount, **more})

    for its in history.ideas.values():
        if its.author == account:
            add(
                history.at("IdeaPosted", its.round, its.number),
                "posted",
                told.idea(its),
                place=f"{its.round}/{its.number}",
            )
    for campaign in history.campaigns:
        if campaign.lead == account:
            add(history.at("CampaignFunded", campaign.campaign), "led", told.idea(campaign), campaign.ask)
    for one in history.work_of.values():
        if one.worker == account:
            at = history.at("LessonsFiled" if one.lessons_of else "WorkSubmitted", one.lessons_of or one.submission)
            add(at, "filed" if one.lessons_of else "worked", told.work(one), story=story(told, one))
    for dispute in history.disputes:
        title = told.work(history.work_of[dispute.submission])
        if dispute.opener == account:
            opened = "DisputeOpened" if dispute.is_challenge else "RejectionContested"
            add(history.at(opened, dispute.submission), "doubted", title, ending=history.ending(dispute))
        for juror in history.jurors.get(dispute.submission, ()):
            if juror.account == account:
                add(juror.revealed_at or juror.committed_at, "judged", title, ruling=juror.ruling.text)
    for payment in history.payments:
        if account in (payment.payee, payment.to):
            add(payment.at, f"got_{payment.kind}", None, payment.amount, tx=payment.tx)
    yield from sorted(found, key=lambda row: row["at"])


def _proposals(told: Told, _: None) -> Iterator[Row]:
    for one in told.history.proposals:
        proposed, executed = (told.history.at(f"Proposal{name}", one.proposal_id) for name in ("Created", "Executed"))
        yield {**vars(one), "title": Title(one.title), "proposed": proposed, "executed": executed}


def _gas(told: Told, gas: Mapping[str, Sequence[int]]) -> Iterator[Row]:
    for act, its in sorted(gas.items()):
        used = [f"{gas:,}" for gas in sorted(its)]
        yield {"act": act, "times": len(used), "least": used[0], "median": used[len(used) // 2], "most": used[-1]}


def _needs(told: Told, _: None) -> Iterator[Row]:
    """Those that count, the most wanted first."""
    for row in told.history.more.get("needs", ()):
        date = row["date"] or ("moved" if row["latest_eta"] else None)
        answered = row["answer"] or ("late" if row["late"] else "none")
        yield {**_titled(told, row), "answered": answered, "dated": date}


def _plan(told: Told, _: None) -> Iterator[Row]:
    for row in told.history.more.get("plan", ()):
        is_idle = row["kind"] == KINDS.index("tactic") and not row["ideas"]
        own = {"kind": KINDS[row["kind"]], "idle": is_idle or None, "requested": row["asked"]}
        yield {**_titled(told, row), **own}


def _rows_of(name: str) -> Callable[[Told, Any], Iterator[Row]]:
    return lambda told, _: (_titled(told, row) for row in told.history.more.get(name, ()))


def _titled(told: Told, row: Row) -> dict[str, Any]:
    """A row whose title knows its language; terms in words."""
    title = Title(row["title"], row["lang"] or "")
    terms = ", ".join(told.word("asset_terms", one) for one in terms_of(row.get("terms", 0)))
    return {**row, "title": title, "short": title, "terms": terms, "funded_count": row.get("funded")}


def _badges(told: Told, _: None) -> Iterator[Row]:
    """Who has which badge, under the class's title."""
    for row in told.history.more.get("badges", ()):
        yield {**row, "title": Title(row["title"])}


def _drops(told: Told, _: None) -> Iterator[Row]:
    for row in told.history.more.get("drops", ()):
        state = told.word("drop_state", row["state"])
        yield {**row, "author": row["creator"], "state": state, "until": row["expires_at"]}


def _disputes(told: Told, _: None) -> Iterator[Row]:
    history = told.history
    for one in history.disputes:
        jurors, title = history.jurors.get(one.submission, ()), told.work(history.work_of[one.submission])
        silent = [told.who(juror.account) for juror in jurors if juror.revealed_at is None]
        heard = {"count": len(jurors) - len(silent), "waiting": len(silent), "silent": ", ".join(silent)}
        own = {"title": title, "short": title, "ending": history.ending(one), "judged": told.source(one)}
        yield {**vars(one), **own, **heard, "got": [move for move in _moves(told, one) if move["said"]]}


def _moves(told: Told, one: Dispute) -> Iterator[Row]:
    """What the end of a disputed submission moved; ``said`` where its settlement did."""
    end, work = one.settlement, told.history.work_of[one.submission]
    if end is None:
        return
    if not work.lessons_of:
        reward = {"amount": told.history.bounties[work.bounty].reward, "source": "reward", "said": ""}
        yield {**reward, "whither": "payees" if one.is_paid else "free", "who": work.worker, "owner": ""}
    accounts = {"opener": end.opener, "upholder": end.upholder, "worker": work.worker}
    for move in end.moves:
        source = {"worker": "worker_bond", "fee": "fee"}.get(move.source, "stake")
        to = "back" if move.is_back else "account" if move.to in accounts else move.to
        who = {"who": accounts.get(move.to, ""), "owner": accounts.get(move.source, "")}
        yield {"amount": move.amount, "source": source, "whither": to, **who, "said": to}


def _steps(told: Told, one: Dispute) -> Iterator[Row]:
    """What happened in a dispute, in order; several moments for what several did."""
    history, number, found = told.history, one.submission, list[dict[str, Any]]()
    papers, jurors = history.papers.get(number, ()), history.jurors.get(number, ())

    def add(mark: str, times: Sequence[int | None], key: str, digest: bytes | None = None, who: str = "") -> None:
        if moments := [at for at in times if at]:
            what, title = told.say("trial_step", key, count=len(moments), who=who), told.title(digest, "paper")
            step = {"moments": moments, "since": min(moments), "until": max(moments), "mark": mark, "what": what}
            found.append({**step, "document": title if digest else None})

    statement = papers[0].digest if papers else None
    opens, opened = ("challenges", "DisputeOpened") if one.is_challenge else ("contests", "RejectionContested")
    add("flag", [history.at(opened, number)], opens, statement, one.opener)
    if one.upholder:
        add("flag", [history.at("DisputeOpened", number)], "upholds", one.answer, one.upholder)
    for paper in papers[2 if one.upholder else 1 :]:
        add("paper", [paper.at], "gives", paper.digest, paper.by)
    add("ring", [juror.committed_at for juror in jurors], "commit")
    add("dot", [juror.revealed_at for juror in jurors], "reveal")
    ruled = history.at("Ruling", one.arbitrator, one.dispute_id) or (one.has_jury and one.reveal_until)
    if one.is_contested and not one.is_open(told.now):
        add("diamond", [one.until], "unanswered")
    elif not one.is_open(told.now):
        add("diamond", [ruled or one.until], ("none", "pay", "refuse")[one.ruling] if ruled else "late")
    add("coin", [one.settled_at], "paid" if one.is_paid else "not_paid")
    yield from sorted(found, key=lambda step: step["since"])


def _jurors(told: Told, one: Dispute) -> Iterator[Row]:
    for juror in told.history.jurors.get(one.submission, ()):
        said = {"weight": told.weight(one, juror.weight), "ruling": juror.ruling.text}
        yield {**juror._asdict(), **(said if juror.revealed_at else {"weight": None, "ruling": "silent"})}


SHEETS: dict[str, Callable[[Told, Any], Iterator[Row]]] = {
    **{
        "goals": _goals,
        "disclosures": _disclosures,
        "campaigns": _campaigns,
        "times": _campaigns,
        "rounds": _rounds,
        "ideas": _ideas,
        "past_ideas": _ideas,
        "all_rounds": _rounds,
    },
    **{"work": _work, "payments": _payments, "batches": _batches, "people": _people, "deeds": _deeds},
    **{"seasons": _seasons, "foreseen": _foreseen, "badges": _badges, "drops": _drops},
    **{"proposals": _proposals, "gas": _gas, "bonds": lambda told, _: iter([told.history.bonds])},
    "past_costs": lambda told, _: iter(told.history.more.get("costs", ())),
    "lessons": lambda told, _: ({**vars(one), "title": told.work(one)} for one in told.history.lessons.values()),
    **dict.fromkeys(("needs", "counted_needs"), _needs),
    **dict.fromkeys(("plan", "planned"), _plan),
    **{"claims": _rows_of("claims"), "assets": _rows_of("assets"), "pillars": _rows_of("brand")},
    **{"disputes": _disputes, "moves": _moves, "steps": _steps, "jurors": _jurors},
}


@dataclass(frozen=True)
class Sheet(Table):
    """A table with a last row of sums."""

    foot: tuple[str, ...] = ()


def sheet(told: Told, name: str, about: Any, around: Row, group: str = "tables") -> Sheet:
    """A table about something; title and labels may speak of what is ``around``; nothing to say is a dash."""
    said, none = words.load()["page"][group][name], told.word("untitled", "none")
    found = [told.values(row) for row in SHEETS[name](told, about) if row.get(said.get("only"), True)]
    foot = said.get("foot", ())
    summed = {name for one in foot for name in words.names_in(one)}
    sums = told.values({name: sum(row[name].value for row in found if name in row) for name in summed})
    return Sheet(
        tuple(words.fill(label, kinds.looking(told, around)) for label, _ in said["columns"]),
        tuple(tuple(told.fill(cell, row) or none for _, cell in said["columns"]) for row in found),
        told.fill(said["title"], around),
        tuple(told.fill(one, sums) for one in foot),
    )


def closing_views(history: History, names: Mapping[str, str], gas: Mapping[str, Sequence[int]]) -> tuple[View, ...]:
    """Goals, forecasts, ideas and votes, campaigns, payments, disputes, points, gas of each act: a table each."""
    told, said = Told(history, names, is_coarse=True), words.load()["page"]["closing"]
    found = [sheet(told, name, {"gas": gas}.get(name), told.values({}), "closing") for name in said]
    return tuple(View(tables=(one,)) for one in found if one.rows)

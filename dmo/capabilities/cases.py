"""Cases: everything that juries are asked, whoever asked: the desk about work, the outcomes about reports, others.

Who asked is what the jury tells (``arbitrable``); a case of a contract that nobody here knows can be judged, too.
"""

import re
from collections.abc import Iterable
from typing import Any

from dmo.capabilities import disputes as desk
from dmo.capabilities.disputes import JURY, Judged, JuryCase, disputes, look_at
from dmo.capabilities.ends import Ruling
from dmo.capabilities.outcomes import OUTCOMES, OutcomeReport, arbitrator_of, reports, terms_of
from dmo.core import abi, words
from dmo.core.kinds import NUMBER, TEXT, Kind, Value, choice, listed
from dmo.home.home import Home

_OTHER = re.compile(r"([rRcC])([1-9]\d{0,8})", re.ASCII)
WORK, REPORT, CASE = "work", "report", "case"
_GROUPS = {"r": REPORT, "c": CASE}


def _subject(home: Any, text: str) -> int | str:
    cleaned = str(text).strip()
    if found := _OTHER.fullmatch(cleaned):
        return f"{found[1].lower()}{found[2]}"
    return int(NUMBER.read(home, cleaned))


SUBJECT = Kind(
    "DISPUTED",
    _subject,
    lambda home, one: "" if one is None else str(one),
    schema={"type": ["integer", "string"], "pattern": "^[rc][1-9][0-9]*$"},
    like="disputed",
)
"""What is disputed: work by its number, ``r3`` for report 3, ``c12`` for case 12 of the jury."""
SUBJECTS = listed(SUBJECT, "[DISPUTED]...")
ABOUT = TEXT
_SIDES = {WORK: ("pay", "refuse"), REPORT: ("stands", "falls"), CASE: ("one", "two")}
RULED = choice("ruling", "no ruling", *(one for sides in _SIDES.values() for one in sides))
VOTE = Kind(
    **{
        **vars(choice("ruling", *(one for sides in _SIDES.values() for one in sides))),
        "numbers": (1, 2) * len(_SIDES),
        "name": "|".join(one for sides in _SIDES.values() for one in sides),
    }
)
"""A ruling: of work, of a report, of a case that we know nothing of."""


def group_of(subject: int | str) -> str:
    """What kind of thing is disputed."""
    return _GROUPS[subject[0]] if isinstance(subject, str) else WORK


def number_of(subject: int | str) -> int:
    """Its number among its like."""
    return int(subject[1:]) if isinstance(subject, str) else subject


def in_order(subject: int | str) -> tuple[str, int]:
    """What sorts disputes: work first."""
    return group_of(subject) if isinstance(subject, str) else "", number_of(subject)


def about(subject: int | str) -> str:
    """What is disputed, in words."""
    return words.word("disputed", group_of(subject)).format(number_of(subject))


def named(subject: int | str) -> dict[str, Value]:
    """What is disputed, by its short name and in words."""
    return {"submission": SUBJECT(subject), "about": ABOUT(about(subject))}


def said(subject: int | str, ruling: int) -> str:
    """A ruling as one of ``[word.ruling]``."""
    return ("no ruling", *_SIDES[group_of(subject)])[ruling]


def ruling_on(subject: int | str, text: str) -> Ruling:
    """The ruling that somebody means. Raises BadInput: it is one about other things."""
    sides = _SIDES[group_of(subject)]
    if text not in sides:
        raise words.bad("none_of_them", "ruling", given=text, known=words.word("list", "either").join(sides))
    return Ruling(sides.index(text) + 1)


def _of_report(home: Home, one: OutcomeReport) -> JuryCase:
    told = {key: getattr(one, key) for key in ("dispute_id", "until", "is_ruled", "is_settled", "settled_at", "paid")}
    return JuryCase(
        f"r{one.report}",
        home.dmo.address(OUTCOMES),
        arbitrator_of(home, one),
        pays_jurors=terms_of(home, one.campaign).pays_jurors,
        ruling=Ruling(one.ruling),
        pot=one.pot,
        pot_whole=one.pot_whole,
        **told,
    )


def reported(home: Home) -> dict[str, JuryCase]:
    """The disputes about reports, by what they are about."""
    return {f"r{one.report}": _of_report(home, one) for one in reports(home).values() if one.is_asked}


def others(home: Home) -> dict[str, JuryCase]:
    """What others asked the deployment's own jury, by what it is about."""
    jury = desk.own_jury(home)
    ours = {home.dmo.addresses.get(name, "").lower() for name in (desk.DESK, OUTCOMES)}
    found = {}
    for event in home.events(f"{JURY}.DisputeCreation") if jury else ():
        number, arbitrable = event.arguments["_disputeID"], event.arguments["_arbitrable"]
        if arbitrable.lower() not in ours:
            found[f"c{number}"] = JuryCase(f"c{number}", arbitrable, jury, number, pays_jurors=True)
    for event in home.events(f"{JURY}.RulingExecuted") if found else ():
        if one := found.get(f"c{event.arguments['disputeID']}"):
            one.is_executed, one.ruling = True, Ruling(event.arguments["ruling"])
    return found


def every(home: Home) -> dict[int | str, Judged]:
    """All disputes by what they are about, in the order they began with each who asked."""
    found: dict[int | str, Judged] = {}
    for part in (disputes(home), reported(home), others(home)):
        found |= {one.subject: one for one in part.values()}
    return found


def moving(home: Home) -> list[Judged]:
    """Those that are not settled, or owe jurors something."""
    rest = (one for one in (*reported(home).values(), *others(home).values()) if not one.is_executed or one.until)
    return [*desk.moving(home), *(one for one in rest if not one.is_settled or one.pot)]


def look(home: Home, found: Iterable[Judged]) -> None:
    """Ask what events do not tell of them; of a settled report also what its jurors' shares add up to."""
    its = [*found]
    look_at(home, its)
    owing = [one for one in its if isinstance(one, JuryCase) and one.pot and group_of(one.subject) == REPORT]
    asked = [home.reading(OUTCOMES, "reportById", number_of(one.subject)) for one in owing]
    for one, answer in zip(owing, home.read(asked), strict=True):
        one.shares_total = abi.named(OUTCOMES, "reportById", answer)["shares_total"]


def case(home: Home, subject: int | str) -> Judged:
    """What is disputed, looked at. Raises NotFound: it is not."""
    found = every(home).get(subject)
    if found is None:
        if group_of(subject) == WORK:
            raise words.missing("not_disputed", submission=subject)
        raise words.missing("no_case", about=about(subject))
    look(home, [found])
    return found

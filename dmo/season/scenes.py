"""Steps of a season that are no act of one person, and what else is told of those that are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dmo.capabilities import cases, registry
from dmo.capabilities.campaigns import Campaign
from dmo.capabilities.disputes import dispute, kind_of, look_at
from dmo.capabilities.ends import Ruling, settlement
from dmo.capabilities.evalues import shown
from dmo.capabilities.forecasts import ForecastMarket
from dmo.capabilities.outcomes import FALLS, reports, standing
from dmo.core import act, due, words
from dmo.core.abi.codec import encode, keccak
from dmo.core.calls import Call
from dmo.core.engine import Done
from dmo.core.kinds import PPM, TEXT, Value
from dmo.core.units import WAD, format_amount, parse_amount

_BY_HAND = ("queue", "execute")
"""What anybody may do and the story's people do themselves."""

if TYPE_CHECKING:
    from dmo.home.home import Home
    from dmo.season.player import Season

__all__ = ["SCENES", "bench", "more_of"]

Told = Mapping[str, str]


def _said(key: str, **values: Any) -> str:
    return words.word("season", key).format(**values)


def _and(people: list[str]) -> str:
    if len(people) < 2:
        return "".join(people)
    return _said("and", first=", ".join(people[:-1]), last=people[-1])


def _named(s: Season, people: str) -> list[str]:
    return [s.cast[key].name for key in people.split()]


# ── what else is told of an act ─────────────────────────────────────────────────────────────────


def more_of(home: Home, done: Done, values: Mapping[str, Value]) -> dict[str, Value]:
    """Parts of sentences that no other face needs."""
    more: dict[str, Value] = {}
    if "skipped" in values:
        idle = len(values["skipped"].value) + len(values["left_out"].value)
        more["idle_some"] = TEXT(str(idle) if idle else None)
    if "slots" in values and "reward" in values:
        slots, reward = values["slots"].value, values["reward"]
        more["slots"] = TEXT(str(slots) if slots > 1 else None)
        more["one_reward"] = TEXT(None if slots > 1 else reward.kind.show(home, reward.value))
    if "funded" in values:
        number = values["round"].value
        order = done.plan.steps[-1].call.decoded()[1]["numbers"]
        more["listed"] = TEXT(", ".join(f"{number}/{one}" for one in order))
        funded = [f"{number}/{one['number']}" for one in values["funded"].value]
        more["winners"] = TEXT(", ".join(funded))
    return more


def bench(s: Season, home: Home, submission: int) -> None:
    """Tell who can be juror of a dispute that was just opened."""
    one = dispute(home, submission)
    look_at(home, [one])
    total = home.ask("Reputation", "getPastTotalSupply", one.boundary)
    least = home.ask("Jury", "juryFrame")[1]
    kind = "points" if one.is_from_reputation else "votes"
    figures = {"total": f"{total // WAD:,}", "least": f"{least // WAD:,}"}
    symbol = s.dmo.votes_token.symbol
    s.tell(None, _said(f"bench_{kind}", symbol=symbol), _said(f"bench_{kind}_why", **figures))


# ── scenes ──────────────────────────────────────────────────────────────────────────────────────


def tell(s: Season, who: str | None, told: Told, credit: str = "") -> None:
    """Only told; perhaps with what somebody is owed."""
    said = told["say"]
    if credit:
        home = s.home(credit)
        owed = home.ask("CampaignEscrow", "creditOf", home.me)[0]
        token = s.dmo.budget_token
        said = said.format(credit=format_amount(owed, token.decimals, token.symbol))
    s.tell(who, said, told["why"])


def papers(s: Season, who: str, told: Told, files: str) -> None:
    """Somebody publishes documents, and is told once."""
    for one in files.split():
        wanted = act.read(registry()["document publish"], s.home(who), {"file": s.paper(one)})
        s.send(who, wanted)  # type: ignore[arg-type]
    s.tell(who, told["say"].format(count=len(files.split())), told["why"])


def gas(s: Season, who: str | None, told: Told, to: str) -> None:
    """Coins for gas."""
    for one in to.split():
        address = str(s.keys[one].address)
        s.dmo.chain.transport.request("anvil_setBalance", [address, hex(10**18)])


def _token_call(s: Season, who: str, signature: str, arguments: list[Any]) -> None:
    """A call of the play stablecoin, which the package has no ABI of."""
    kinds = signature[signature.index("(") + 1 : -1].split(",")
    data = keccak(signature.encode())[:4] + encode(kinds, arguments)
    receipt = s.sender(who).send(Call(s.dmo.budget_address, data, 0, signature))
    s.gas["other"].append(receipt.gas_used)


def mint(s: Season, who: str, told: Told, to: str, amount: str) -> None:
    """The issuer sells or gives play money."""
    units = parse_amount(amount, s.dmo.budget_token.decimals)
    for one in to.split():
        _token_call(s, who, "mint(address,uint256)", [s.home(who).account(one), units])
    if told["say"]:
        s.tell(who, told["say"], told["why"])


def block(s: Season, who: str, told: Told, to: str, lifted: str = "") -> None:
    """The issuer refuses every payment to somebody, or no longer."""
    _token_call(s, who, "setBlocked(address,bool)", [s.home(who).account(to), not lifted])
    s.tell(who, told["say"], told["why"])


def holders_vote(s: Season, who: str | None, told: Told, proposal: str, yes: str, no: str = "") -> None:
    """Several people vote on a proposal."""
    for people, support in ((yes, "for"), (no, "against")):
        for one in people.split():
            home, given = s.home(one), {"proposal": proposal, "support": support}
            wanted = act.read(registry()["govern vote"], home, given)
            s.send(one, wanted)  # type: ignore[arg-type]
    named, counts = _named(s, f"{yes} {no}"), (len(yes.split()), len(no.split()))
    s.tell(None, _said("voted", people=", ".join(named), yes=counts[0], no=counts[1]))


def what_is_due(s: Season, who: str, told: Told) -> None:
    """Everything that anybody may do, until nothing is left: one act makes another due."""
    done: list[str] = []
    while True:
        home = s.home(who)
        found = [item for item in due.items(home, None) if item.kind not in _BY_HAND]
        acts = [one for item in found for one in item.acts]
        fresh = [one for one in acts if one.written() not in done]
        if not fresh:
            break
        for wanted in fresh:
            why = "" if done else told["why"]
            done.append(wanted.written())
            for call in s.send(who, wanted):
                verb, _, rest = call.partition(" ")
                s.tell(who, f"{verb.lower()}s {rest}", why)
                why = ""
    if not done:
        from dmo.season.player import SeasonError

        raise words.stopped(SeasonError, "season_nothing_due")


def drop(s: Season, who: str, told: Told, table: str, starts_at: str, expires_at: str) -> None:
    """Somebody makes a manifest of a table and puts up all of its shares."""
    file, given = str(s.folder / f"{Path(table).name}.json"), {"table": s.paper(table, ".csv")}
    given |= {"decimals": str(s.dmo.budget_token.decimals), "out": file}
    act.read(registry()["drop make"], s.home(who), given).view(s.home(who))  # type: ignore[attr-defined]
    given = {"file": file, "starts_at": starts_at, "expires_at": expires_at}
    s.perform(who, act.read(registry()["drop create"], s.home(who), given), told)  # type: ignore[arg-type]


def reached(s: Season, who: str | None, told: Told, campaign: str, share: str) -> None:
    """Tell what a campaign reached for good, and what was expected; a SeasonError where it is another share."""
    home = s.home("yusuf")
    its, one = standing(home, int(campaign)), home.facts(Campaign)[int(campaign)]
    if its.ppm != PPM.read(home, share):
        from dmo.season.player import SeasonError

        raise words.stopped(SeasonError, "season_other_outcome", campaign=campaign)
    expected = home.facts(ForecastMarket)[one.round, one.number].ppm
    shares = {"share": PPM.show(home, its.ppm), "expected": PPM.show(home, expected)}
    s.tell(None, _said("reached", campaign=campaign, **shares), told["why"])


def fallen(s: Season, who: str | None, told: Told, report: str) -> None:
    """Tell what became of the stakes of a report that fell; a SeasonError where it did not."""
    one, token = reports(s.home("yusuf"))[int(report)], s.dmo.budget_token
    if not one.is_settled or one.ruling != FALLS:
        from dmo.season.player import SeasonError

        raise words.stopped(SeasonError, "season_other_outcome", campaign=one.campaign)
    won, pot = (format_amount(part, token.decimals, token.symbol) for part in (one.to_challenger, one.pot_whole))
    challenger = s.home("yusuf").who(one.challenger or "")
    s.tell(None, _said("fallen", report=report, won=won, challenger=challenger, pot=pot), told["why"])


def experiment(s: Season, who: str, told: Told, plan: str, data: str) -> None:
    """Somebody reads an experiment by its plan."""
    given = {"data": [s.paper(data, ".csv")], "plan": s.paper(plan)}
    found = act.read(registry()["ab read"], s.home(who), given).answer(s.home(who))  # type: ignore[attr-defined]
    [one] = found["replications"]
    values = {"e": shown(found["e"]), "number": one["shown"], "a": one["converted_a"], "b": one["converted_b"]}
    s.tell(who, _said("experiment", **{**found, **values}), told["why"])


def _subject(text: str) -> int | str:
    return int(text) if text.isdigit() else text


def _about(text: str) -> str:
    subject = _subject(text)
    return _said(f"about_{cases.group_of(subject)}", number=cases.number_of(subject))


def jurors_commit(s: Season, who: str | None, told: Told, submission: str, rulings: str) -> None:
    """Jurors commit, each to a ruling that nobody can read yet."""
    people = []
    for pair in rulings.split():
        juror, ruling = pair.split(":")
        home, given = s.home(juror), {"submission": submission, "ruling": ruling}
        wanted = act.read(registry()["dispute commit"], home, given)
        # Salts are random; these are derived, so that two runs cost the same gas.
        salt = keccak(f"{submission} {home.me}".encode())
        s.send(juror, replace(wanted, salt=salt))  # type: ignore[arg-type]
        people.append(s.cast[juror].name)
    s.tell(None, _said("commit", people=_and(people), about=_about(submission)), told["why"])


def jurors_reveal(s: Season, who: str | None, told: Told, submission: str, jurors: str) -> None:
    """Jurors reveal what they committed to."""
    sides: dict[int, list[tuple[str, int]]] = {1: [], 2: []}
    for juror in jurors.split():
        home = s.home(juror)
        given = {"submission": submission}
        s.send(juror, act.read(registry()["dispute reveal"], home, given))  # type: ignore[arg-type]
    home = s.home(jurors.split()[0])
    one = cases.case(home, _subject(submission))
    at = {str(s.keys[key].address): key for key in jurors.split()}
    for event in home.events("Jury.RulingRevealed", disputeID=one.dispute_id):
        facts = event.arguments
        if facts["juror"] in at:
            sides[facts["ruling"]].append((at[facts["juror"]], facts["weight"] // WAD))
    unit = words.word("unit", "points") if one.is_from_reputation else s.dmo.votes_token.symbol
    said = []
    keys = ("to_pay", "not_to_pay") if submission.isdigit() else ("it_stands", "it_falls")
    for ruling, key in enumerate(keys, 1):
        ordered = [juror for juror in jurors.split() if juror in {who for who, _ in sides[ruling]}]
        if ordered:
            weight = sum(weight for _, weight in sides[ruling])
            people = _and([s.cast[juror].name for juror in ordered])
            said.append(_said(key, people=people, weight=f"{weight:,}", unit=unit))
    s.tell(None, _said("reveal", about=_about(submission), said="; ".join(said)), told["why"])


def outcome(s: Season, who: str | None, told: Told, submission: str, ruling: str) -> None:
    """Tell what a settled dispute moved; a SeasonError where it went another way."""
    home = s.home("yusuf")
    one = dispute(home, int(submission))
    wanted = {"pay": Ruling.PAY, "refuse": Ruling.REFUSE}.get(ruling, Ruling.NONE)
    if one.ruling is not wanted or one.pot or one.is_contested is not (ruling == "unanswered"):
        from dmo.season.player import SeasonError

        raise words.stopped(SeasonError, "season_other_end", submission=submission)
    moved = settlement(home, int(submission))
    token = s.dmo.budget_token
    worker = home.ask("CampaignEscrow", "submissionOf", int(submission))[0]
    people = {"opener": moved.opener, "upholder": moved.upholder, "worker": worker}
    people = {part: home.who(account) for part, account in people.items()}
    said = [
        _said(
            "moved_back" if move.is_back else "moved",
            amount=format_amount(move.amount, token.decimals, token.symbol),
            source=_said(f"source_{move.source}", owner=people.get(move.source, "")),
            to=people.get(move.to) or _said(f"to_{move.to}"),
        )
        for move in moved.moves
    ]
    kind = ruling if wanted is Ruling.NONE else f"{kind_of(one)}_{ruling}"
    s.tell(None, _said("outcome", submission=submission, end=_said(f"end_{kind}")), "; ".join(said))


SCENES: dict[str, Callable[..., None]] = {
    "tell": tell,
    "papers": papers,
    "gas": gas,
    "mint": mint,
    "block": block,
    "holders vote": holders_vote,
    "due": what_is_due,
    "jurors commit": jurors_commit,
    "jurors reveal": jurors_reveal,
    "outcome": outcome,
    "drop": drop,
    "experiment": experiment,
    "fallen": fallen,
    "reached": reached,
}

"""Referrals: links and QR codes, conversions that new users sign, and who gets what by a campaign's plan."""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from xml.sax.saxutils import escape

from dmo.capabilities.ballots import FILES, TYPED
from dmo.capabilities.campaigns import Campaign
from dmo.capabilities.drops import UNITS
from dmo.capabilities.ideas import idea_title
from dmo.capabilities.lens import CAMPAIGN
from dmo.capabilities.referring import Passed, Rate, kept, only_one, paid
from dmo.core import explain, kinds, words
from dmo.core.abi.codec import checksum
from dmo.core.act import arg, option
from dmo.core.errors import BadInput
from dmo.core.files import write_new, write_text
from dmo.core.kinds import ACCOUNT, NUMBER, TEXT, Kind, shape
from dmo.core.merkle import Share
from dmo.core.rows import Column, Rows
from dmo.core.text import one_line
from dmo.core.view import Query
from dmo.home import conversions, manifests
from dmo.home.conversions import Conversion, SignedConversion
from dmo.home.documents import read
from dmo.home.home import Home

if TYPE_CHECKING:
    from dmo.home.papers import ReferralPaper

_WHERE = re.compile(r"https?://[!-~]+")
_LEFT = kinds.lines("conversion", {"file": TEXT, "line": NUMBER, "reason": TEXT})
OUT = TEXT.called("FILE")


def _where(home: Home, text: str) -> str:
    if not _WHERE.fullmatch(text.strip()) or len(text) > 400:
        raise words.bad("no_link", given=text[:60])
    return text.strip()


LINK = Kind("URL", _where, like="text")


class MakeLink(
    Query, name="referral link", of_machine=True, gives={**shape((TEXT, "title link file")), "referrer": ACCOUNT}
):
    campaign: int = arg(CAMPAIGN)
    to: str = arg(LINK)
    referrer: str | None = option(ACCOUNT, flag="for")
    out: str = option(OUT, "referral.svg")

    def answer(self, home: Home) -> Mapping[str, Any]:
        found = _known(home, self.campaign)
        who = self.referrer or home.me
        title = one_line(idea_title(home, found.round, found.number) or "")
        link = linked(self.to, self.campaign, who)
        write_new(self.out, picture(link, title))
        return {"title": title, "link": link, "file": self.out, "referrer": who}


def _known(home: Home, number: int) -> Campaign:
    found = home.facts(Campaign).get(number)
    if found is None:
        raise explain.refused("CampaignEscrowUnknownCampaign", {"campaign": number})
    return found


def linked(where: str, number: int, referrer: str) -> str:
    """An address that says who sent somebody there, and for which campaign."""
    base, sign, anchor = where.partition("#")
    return f"{base}{'&' if '?' in base else '?'}ref={number}.{referrer}{sign}{anchor}"


def picture(link: str, title: str) -> str:
    """A QR code of a link as SVG, which says for whom cannot see it what it is."""
    from dmo.faces.kit import qr

    said = words.word("referral", "picture").format(title=title, link=link)
    return qr(link).replace(">", f' role="img"><title>{escape(one_line(said))}</title>', 1)


class SignConversion(
    Query,
    name="referral sign",
    of_machine=True,
    signs=True,
    gives={**shape((TEXT, "file")), "typed_data": TYPED, "referrer": ACCOUNT},
):
    campaign: int = arg(CAMPAIGN)
    referrer: str = arg(ACCOUNT)
    out: str = option(OUT, "conversion.jsonl")

    def answer(self, home: Home) -> Mapping[str, Any]:
        _known(home, self.campaign)
        escrow = checksum(home.dmo.address("CampaignEscrow"))
        one = Conversion(home.dmo.chain_id, escrow, self.campaign, checksum(self.referrer), home.me, home.now)
        if one.referrer == one.user:
            raise words.bad("own_referrer", user=home.who(one.user))
        told = {"referrer": self.referrer, "typed_data": conversions.typed_data(one)}
        if not home.options.is_sending:
            return told
        write_new(self.out, conversions.sign(one, home.names.unlock()).line())
        return {"referrer": self.referrer, "file": self.out}


# ── from files alone ────────────────────────────────────────────────────────────────────────────────


def _plan(file: str) -> ReferralPaper:
    return cast("ReferralPaper", read(file, "referral").front)


def _day(day: datetime.date) -> int:
    return int(datetime.datetime.combine(day, datetime.time(), datetime.UTC).timestamp())


def _sifted(plan: ReferralPaper, files: Sequence[Path]) -> tuple[list[SignedConversion], list[BadInput]]:
    """A plan's conversions in files, each once and in order; and what is wrong with the others."""
    good: set[SignedConversion] = set()
    faults = []
    wanted = plan.chain_id, plan.escrow, plan.campaign
    for one in conversions.read(files):
        if isinstance(one, BadInput):
            faults.append(one)
        elif one.conversion[:3] != wanted or not _day(plan.begins) <= one.conversion.at < _day(plan.ends):
            faults.append(words.bad("other_conversion", user=one.conversion.user))
        else:
            good.add(one)
    return sorted(good), faults


def _told(faults: Sequence[BadInput]) -> list[dict[str, Any]]:
    return [{"file": one.file, "line": one.line, "reason": one_line(one.reason), "said": "left_out"} for one in faults]


class CollectConversions(
    Query,
    name="referral collect",
    of_machine=True,
    needs_chain=False,
    gives={**shape((TEXT, "file"), (NUMBER, "count users both")), "left_out": _LEFT},
):
    files: list[Path] = arg(FILES)
    plan: str = option(OUT, "referral.md")
    out: str = option(OUT, "conversions.jsonl")

    def answer(self, home: Home) -> Mapping[str, Any]:
        good, faults = _sifted(_plan(self.plan), self.files)
        write_text(self.out, "".join(one.line() for one in good))
        pairs = [(one.conversion.user, one.conversion.referrer) for one in good]
        users = {user for user, _ in pairs}
        told = {"file": self.out, "count": len(good), "users": len(users), "left_out": _told(faults)}
        return {**told, "both": len(users) - len(only_one(pairs)) or None}


def _amount(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 79):
        raise words.bad("no_units", given=text[:40])
    return int(text)


def transfers(file: Path) -> list[Passed]:
    """Transfers of a table as ``referral history`` writes it. Raises BadInput: a row cannot be used."""
    columns = {"time": Column(_amount), "from": Column(checksum), "to": Column(checksum), "units": Column(_amount)}
    found: list[Passed] = []
    for line, row in (table := Rows(file, columns)):
        if found and row["time"] < found[-1].at:
            raise table.bad("unordered_transfers", line, "time")
        found.append(Passed(row["time"], row["from"], row["to"], row["units"]))
    return found


class WriteHistory(Query, name="referral history", of_machine=True, gives=shape((TEXT, "file"), (NUMBER, "count"))):
    out: str = option(OUT, "transfers.csv")

    def answer(self, home: Home) -> Mapping[str, Any]:
        chain, token = home.snapshot.chain, home.dmo.votes_address
        found = chain.events("ERC20", token, "Transfer", from_block=home.dmo.birth or 0)
        times = chain.blocks({one.block for one in found})
        text = io.StringIO()
        rows = csv.writer(text, lineterminator="\n")
        rows.writerow(["time", "from", "to", "units"])
        for one in found:
            its = one.arguments
            rows.writerow([times[one.block].timestamp, checksum(its["from"]), checksum(its["to"]), its["value"]])
        write_text(self.out, text.getvalue())
        return {"file": self.out, "count": len(found)}


_SHARE = {"account": ACCOUNT, "units": UNITS, "users": NUMBER}


class ScoreReferrals(
    Query,
    name="referral score",
    of_machine=True,
    needs_chain=False,
    gives={
        **shape((TEXT, "title file cid root"), (NUMBER, "users both"), (UNITS, "total pot")),
        **{"shares": [_SHARE], "left_out": _LEFT, "cut": kinds.FLAG},
    },
):
    conversions: Path = arg(Kind("FILE", lambda home, text: Path(text), plain=str))
    transfers: Path = arg(Kind("FILE", lambda home, text: Path(text), plain=str))
    plan: str = option(OUT, "referral.md")
    out: str = option(OUT, "drop.json")

    def answer(self, home: Home) -> Mapping[str, Any]:
        plan, title = _plan(self.plan), read(self.plan, "referral").title
        good, faults = _sifted(plan, [self.conversions])
        pairs = [(one.conversion.user, one.conversion.referrer) for one in good]
        one_each, moves = only_one(pairs), transfers(self.transfers)
        amounts = scored(plan, one_each, moves, self.transfers)
        rate = Rate(
            Fraction(plan.price),
            plan.token_decimals,
            plan.paid_decimals,
            plan.rate_bps,
            int(Fraction(plan.pot) * 10**plan.paid_decimals),
        )
        shares = paid(one_each, amounts, rate)
        told = {
            **{"title": title, "users": len(one_each), "left_out": _told(faults), "pot": rate.pot},
            **{"both": len({user for user, _ in pairs}) - len(one_each) or None, "total": sum(shares.values())},
            "cut": sum(paid(one_each, amounts, Rate(**{**vars(rate), "pot": 2**256})).values()) > rate.pot,
            "shares": [
                {"account": who, "units": units, "users": [*one_each.values()].count(who)}
                for who, units in sorted(shares.items(), key=lambda one: (-one[1], one[0]))
            ],
        }
        if not shares:
            return told
        made = manifests.made([Share(place, who, units) for place, (who, units) in enumerate(sorted(shares.items()))])
        write_new(self.out, made.raw)
        return {**told, "file": self.out, "cid": made.cid, "root": "0x" + made.tree.root.hex()}


def scored(plan: ReferralPaper, users: Mapping[str, str], moves: Sequence[Passed], file: Path) -> dict[str, int]:
    """What counts of each user's tokens by a plan. Raises BadInput: transfers are missing."""
    term = range(_day(plan.begins), _day(plan.ends))
    behind = -(-max(term.start - plan.first_round, 0) // plan.round_seconds)
    rounds = range(plan.first_round + behind * plan.round_seconds, term.stop, plan.round_seconds)
    try:
        return kept(moves, users, {*plan.sources}, term, rounds)
    except ValueError as error:
        raise words.bad("transfers_missing", account=error).at(str(file)) from None

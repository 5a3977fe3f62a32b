"""Badges: shown, claimed by anybody for who earned them, burned by their owner, added by governance, exported."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from dmo.capabilities.earning import (
    BADGES,
    BASES,
    BadgeClass,
    classes,
    has_badges,
    held,
    packed,
    rule_reads,
    token_of,
    witness_reads,
    witnesses,
)
from dmo.capabilities.lens import GOVERNANCE
from dmo.core import words
from dmo.core.act import Act, arg, option
from dmo.core.chain import Read
from dmo.core.compared import Compared
from dmo.core.due import Item, due, wanted
from dmo.core.errors import Refused
from dmo.core.files import canonical_json, write_again
from dmo.core.kinds import ACCOUNT, DIGEST, LINE, NUMBER, POINTS, PPM, TEXT, TIME, Kind, Value, choice, shape
from dmo.core.view import Query
from dmo.home.home import Home

BADGE = NUMBER.called("CLASS")
BASIS, STATE = choice("badge_basis", *BASES), choice("badge_state", "held", "earned", "burned")
_HEX = re.compile("0x([0-9a-fA-F]{2})*")
_NOTHING = "0x" + "00" * 32
_URI, _IMAGE = "data:application/json;base64,", "data:image/svg+xml;base64,"


def _hex(home: Home, text: str) -> bytes:
    if not _HEX.fullmatch(text.strip()):
        raise words.bad("no_witness", given=text[:40])
    return bytes.fromhex(text.strip()[2:])


WITNESS = Kind(
    "HEX", _hex, lambda home, one: f"0x{one.hex()}" if one else "", lambda one: one and f"0x{one.hex()}", like="text"
)


def _class(home: Home, number: int) -> BadgeClass:
    """A class by its number. Raises NotFound: there is none."""
    found = next((one for one in classes(home) if one.badge == number), None)
    if found is None:
        raise words.missing("no_badge_class", badge=number)
    return found


def _witness(home: Home, badge: int, account: str) -> bytes:
    """What shows that an account earned a class. Raises BadInput: the log has nothing that does."""
    one = _class(home, badge)
    found = witnesses(home, account, [one]).get(badge)
    if found is None:
        raise words.bad("badge_not_earned", badge=badge, title=one.title, account=home.who(account))
    return packed(found)


class ClaimBadge(Act, name="badge claim", call="Badges.claim", told_by="Locked"):
    badge: int = arg(BADGE)
    account: str | None = arg(ACCOUNT, default=None)
    witness: bytes | None = option(WITNESS)
    compared = Compared({"class": "badge", "account": "account or me", "witness": "shown.witness"}, unsaid=("witness",))

    def arguments(self, home: Home) -> Sequence[Any]:
        who = self.account or home.me
        return [self.badge, who, _witness(home, self.badge, who) if self.witness is None else self.witness]

    def facts(self, home: Home) -> Mapping[str, Value]:
        return {"title": TEXT(_class(home, self.badge).title), "whose": ACCOUNT(self.account or home.maybe_me)}


class BurnBadge(Act, name="badge burn", call="Badges.burn", told_by="Transfer", who="holder of the badge"):
    badge: int = arg(BADGE)
    compared = Compared({"tokenId": "shown.token"}, unsaid=("badge",))

    def arguments(self, home: Home) -> Sequence[Any]:
        return [token_of(self.badge, home.me)]

    def shown_before(self, home: Home) -> Mapping[str, Any]:
        return {"token": str(token_of(self.badge, home.me))}

    def refused(self, home: Home, error: Refused) -> Refused:
        """A token's number says nothing to anybody."""
        if error.name == "ERC721NonexistentToken":
            held = {"account": home.who(home.me), "title": _class(home, self.badge).title}
            error.message, error.hint = words.wrong("badge_not_held", held)
            error.is_told = True
        return error

    def facts(self, home: Home) -> Mapping[str, Value]:
        return {"title": TEXT(_class(home, self.badge).title)}


class AddBadgeClass(
    Act, name="badge add-class", call="Badges.addClass", told_by="ClassAdded", tells={"class": NUMBER}, who=GOVERNANCE
):
    rule: str = arg(ACCOUNT)
    title: str = arg(LINE)
    art: bytes | None = option(DIGEST)
    compared = Compared({"art": f"art or {_NOTHING}"})

    def arguments(self, home: Home) -> Sequence[Any]:
        return [self.rule, self.title, self.art or bytes(32)]

    @classmethod
    def recognised(cls, home: Home, arguments: Mapping[str, Any]) -> Mapping[str, Value]:
        return {key: cls.kind(key)(value) for key, value in zip(cls.parameters(), arguments.values(), strict=True)}


# ── what is asked ───────────────────────────────────────────────────────────────────────────────

_CLASS = {
    **shape((BADGE, "badge"), (NUMBER, "holders least_number"), (TEXT, "title"), rule=ACCOUNT, basis=BASIS, art=DIGEST),
    **{"least_points": POINTS, "least_ppm": PPM, "state": STATE, "since": TIME},
}
_LEAST = {"points": "least_points", "outcome": "least_ppm"}
HOLDER = shape(account=ACCOUNT, since=TIME)


def _rows(home: Home, found: Sequence[BadgeClass], account: str | None) -> Iterator[dict[str, Any]]:
    """Classes as they are shown, and what an account has of each."""
    has, earned = held(home), witnesses(home, account, found) if account else {}
    for one in found:
        holders = has.holders.get(one.badge, {})
        state = (has.state(one.badge, account) if account else "") or ("earned" if one.badge in earned else "")
        its = {"badge": one.badge, "title": one.title, "rule": one.rule, "basis": one.basis, "holders": len(holders)}
        least = {_LEAST.get(one.basis, "least_number"): one.least} if one.basis != "other" else {}
        since = holders[account].since if account in holders else None
        yield {**its, **least, "art": one.art if any(one.art) else None, "state": state, "since": since}


class ListBadges(Query, name="badge list", gives={"classes": [_CLASS], "account": ACCOUNT, "owner": TEXT}):
    account: str | None = arg(ACCOUNT, default=None)

    def answer(self, home: Home) -> Mapping[str, Any]:
        who = self.account or home.maybe_me
        return {"classes": [*_rows(home, classes(home), who)], "account": who, "owner": who}


class ShowBadge(
    Query,
    name="badge show",
    gives={**_CLASS, **shape((TEXT, "token file image owner"), account=ACCOUNT), "who": [HOLDER]},
):
    badge: int = arg(BADGE)
    account: str | None = arg(ACCOUNT, default=None)
    picture: str | None = option(TEXT.called("FILE"))

    def answer(self, home: Home) -> Mapping[str, Any]:
        who = self.account or home.maybe_me
        one = _class(home, self.badge)
        (row,) = _rows(home, [one], who)
        holders = [one._asdict() for one in held(home).of(self.badge)]
        token, image = None, None
        if who and row["state"] == "held":
            token = token_of(self.badge, who)
            image = image_of(home.ask(BADGES, "tokenURI", token))
        if self.picture:
            if image is None:
                raise words.bad("no_badge_of", field="picture", badge=self.badge, account=home.who(who) if who else "")
            write_again(self.picture, b64decode(image.removeprefix(_IMAGE)).decode() + "\n")
        told = {"account": who, "owner": who, "token": token and str(token), "image": image}
        return {**row, **told, "file": self.picture, "who": holders}


def image_of(uri: str) -> str | None:
    """The picture in a badge's URI, itself a URI; nothing where it is no SVG that is all there."""
    image = str(json.loads(b64decode(uri.removeprefix(_URI))).get("image"))
    return image if image.startswith(_IMAGE) else None


class ExportBadges(
    Query, name="badge export", gives={"badge": BADGE, "title": TEXT, "file": TEXT, "count": NUMBER, "who": [HOLDER]}
):
    badge: int = arg(BADGE)
    out: str | None = option(TEXT.called("FILE"))

    def answer(self, home: Home) -> Mapping[str, Any]:
        from dmo.core import kinds
        from dmo.faces.commas import written

        one = _class(home, self.badge)
        holders = [one._asdict() for one in held(home).of(self.badge)]
        told = {"badge": one.badge, "title": one.title, "count": len(holders), "who": holders}
        if self.out:
            rows = kinds.plain([HOLDER], holders)
            is_csv = Path(self.out).suffix.lower() == ".csv"
            text = written(rows) if is_csv else canonical_json({"badge": one.badge, "title": one.title, "who": rows})
            write_again(self.out, text)
        return {**told, "file": self.out}


@wanted
def _wanted(home: Home, account: str | None) -> Iterable[Read]:
    return [*rule_reads(home), *witness_reads(home, account)] if account and has_badges(home) else ()


@due
def _due(home: Home, account: str | None) -> Iterator[Item]:
    """Badges that an account has earned and has not; an opportunity, as nothing is lost by waiting."""
    if account is None or not has_badges(home):
        return
    has, known = held(home), classes(home)
    for badge in witnesses(home, account, [one for one in known if not has.state(one.badge, account)]):
        title = next(one.title for one in known if one.badge == badge)
        yield Item("badge", 0, False, f"badge claim {badge}", {"title": TEXT(title)})

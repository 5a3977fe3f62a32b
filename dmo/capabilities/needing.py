"""Needs: posted, backed with a part of one's posting power, answered by the protocol's team."""

import re
from collections.abc import Mapping, Sequence

from dmo.capabilities.documents import DocumentAct, paper
from dmo.core import words
from dmo.core.act import Act, arg, option
from dmo.core.compared import Compared
from dmo.core.digests import parse_digest
from dmo.core.engine import Done
from dmo.core.errors import BadInput
from dmo.core.kinds import DIGEST, NUMBER, TIME, Kind, Timestamp, Value, choice, short_digest
from dmo.home.documents import Document
from dmo.home.home import Home

CORE = "core"
"""Who answers: the protocol's team."""
MERGED = "merged"
_BACKED = re.compile(r"(.+?)[:=]\s*([1-9]\d?|100)\s*%?")
_NOTHING = "0x" + "00" * 32


def posted(home: Home) -> list[bytes]:
    """Digests of all needs in the order in which they were first posted: the n-th is need n."""
    events = home.events("NeedsBoard.NeedPosted")
    return list(dict.fromkeys(bytes(event.arguments["need"]) for event in events))


def _need(home: Home, text: str) -> bytes:
    cleaned = text.strip().lstrip("#")
    if not (cleaned.isascii() and cleaned.isdigit() and len(cleaned) < 9):
        return parse_digest(cleaned)
    known = posted(home)
    if not 0 < int(cleaned) <= len(known):
        raise words.bad("no_need", given=cleaned, count=len(known))
    return known[int(cleaned) - 1]


def _shown(home: Home, digest: bytes) -> str:
    known = posted(home) if digest else []
    if digest in known:
        return f"{known.index(digest) + 1}"
    return short_digest(digest) if digest and any(digest) else ""


NEED = Kind(
    "NEED", _need, lambda home, one: _shown(home, one) if one else "", DIGEST.plain, DIGEST.schema, like="digest"
)
"""A need, by its number or the digest of its document."""
ANSWER = choice("need_answer", "planned", "in_progress", "done", "declined", MERGED)


def _backing(home: Home, texts: Sequence[str]) -> list[tuple[bytes, int]]:
    """Ascending, as the board wants it."""
    found = []
    for text in texts:
        if not (told := _BACKED.fullmatch(text.strip())):
            raise words.bad("no_backing", given=text[:80])
        found.append((_need(home, told[1]), int(told[2])))
    return sorted(found)


BACKING = Kind(
    "[NEED:PERCENT]...",
    _backing,
    lambda home, pairs: ", ".join(f"{_shown(home, need)}: {percent} %" for need, percent in pairs),
    lambda pairs: [f"0x{need.hex()}:{percent}%" for need, percent in pairs],
    {"type": "array", "items": {"type": "string"}},
    is_many=True,
    like="backing",
)


class PostNeed(DocumentAct, name="need post", call="NeedsBoard.post", told_by="NeedPosted", tells={"need": NEED}):
    file: Document = arg(paper("need"))

    def repeated(self, home: Home) -> BadInput | None:
        known = posted(home)
        if self.file.digest not in known:
            return None
        return words.bad("need_posted", number=known.index(self.file.digest) + 1).at(self.file.file)

    def told(self, home: Home, done: Done) -> Mapping[str, Value]:
        home.look_again()  # at a block that has it, so that it is told by its number
        return super().told(home, done)


class BackNeeds(Act, name="need back", call="NeedsBoard.back", told_by="NeedsBacked"):
    needs: list[tuple[bytes, int]] = arg(BACKING, default=())
    compared = Compared({"needs": "needs.needs", "percents": "needs.percents"})

    def arguments(self, home: Home) -> Sequence[list[bytes] | list[int]]:
        return [[need for need, _ in self.needs], [percent for _, percent in self.needs]]

    def facts(self, home: Home) -> Mapping[str, Value]:
        return {"percent": NUMBER(sum(percent for _, percent in self.needs) or None)}


class AnswerNeed(Act, name="need answer", call="NeedsBoard.answer", told_by="NeedAnswered", who=CORE):
    need: bytes = arg(NEED)
    answer: str = arg(ANSWER)
    eta: Timestamp | None = option(TIME)
    effort_days: int | None = option(NUMBER.called("DAYS"), flag="effort")
    reason: bytes | None = option(NEED)
    compared = Compared(
        {
            **{"what": "answer + 1", "eta": "eta or 0", "effortDays": "effort_days or 0"},
            "reason": f"reason or {_NOTHING}",
        }
    )

    def arguments(self, home: Home) -> Sequence[bytes | int]:
        what = ANSWER.choices.index(self.answer) + 1
        return [self.need, what, self.eta or 0, self.effort_days or 0, self.reason or bytes(32)]

    def check(self, home: Home) -> None:
        if self.answer == MERGED and self.reason is None:
            raise words.bad("no_other_need").at(field="reason")

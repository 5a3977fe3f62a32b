"""Advisors: models of ideas' texts; trained of the log, registered, judged by what came after, asked of an idea."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from typing import Any

from dmo.advisor.hashed import FEATURES, ONE
from dmo.advisor.judging import counted
from dmo.capabilities import documents
from dmo.capabilities.achieved import FIGURE, WAY, figure
from dmo.capabilities.advice import Adviser, advisers, items, opinion, opinions
from dmo.capabilities.documents import TITLE, DocumentAct, paper
from dmo.capabilities.ideas import IDEA, as_posted, latest
from dmo.capabilities.reviewing import Advice, advises
from dmo.core import kinds, words
from dmo.core.act import arg, option
from dmo.core.files import read_bytes, write_new
from dmo.core.kinds import ACCOUNT, DIGEST, FLAG, NUMBER, TEXT, TIME, Kind, listed, shape
from dmo.core.units import format_ppm
from dmo.core.view import Query
from dmo.home.documents import Document
from dmo.home.home import Home

MODEL = NUMBER.called("MODEL")
_WEIGHTS_BYTES = 2 * FEATURES
_ALL = "mul"
"""Of several languages (ISO 639)."""


def _read_weights(home: Home, text: str) -> bytes:
    file = home.file(text)
    try:
        raw = read_bytes(file, _WEIGHTS_BYTES)
    except FileNotFoundError as error:
        raise words.bad("unreadable", why=error.strerror).at(str(file)) from None
    if len(raw) < _WEIGHTS_BYTES:
        raise words.bad("no_weights", bytes=len(raw), expected=_WEIGHTS_BYTES).at(str(file))
    return raw


WEIGHTS = Kind("FILE", _read_weights, lambda home, raw: "", lambda raw: "0x" + sha256(raw).hexdigest() if raw else None)
"""A model's weights, as a file of 8,192 bytes; to machines by their digest."""


def _decimal(ratio: Fraction) -> Decimal:
    return Decimal(ratio.numerator) / Decimal(ratio.denominator)


EVIDENCE = Kind(
    "EVIDENCE",
    lambda home, text: text,
    lambda home, its: "" if its is None else figure(_decimal(its)),
    lambda its: None if its is None else f"{_decimal(its):.3f}",
    {"type": ["string", "null"]},
)
"""How many times likelier a model made what happened than the best constant did."""


class RegisterModel(
    DocumentAct, name="advisor register", call="Advisor.register", told_by="ModelRegistered", tells={"model": MODEL}
):
    file: Document = arg(paper("card"))
    weights: bytes = arg(WEIGHTS)

    def check(self, home: Home) -> None:
        super().check(home)
        given, named = sha256(self.weights).hexdigest(), self.file.fields["model"]
        if given != named:
            raise words.bad("other_weights", given=given, named=named).at(self.file.file, field="model")

    def arguments(self, home: Home) -> Sequence[Any]:
        its = self.file.fields
        return [self.weights, its["bias"], its["language"], self.file.digest]


_ADVISER = {
    **shape((MODEL, "model"), (NUMBER, "rank count passed bar"), (TEXT, "lang"), (FLAG, "shown")),
    **{"owner": ACCOUNT, "at": TIME, "evidence": EVIDENCE, "since": IDEA, "card": DIGEST, "title": TITLE},
}


def _row(home: Home, one: Adviser) -> dict[str, Any]:
    its = one.judgement
    return {
        **{key: getattr(one, key) for key in ("rank", "lang", "owner", "at", "card")},
        **{"model": one.number, "count": its.count, "passed": its.passed, "bar": its.bar, "shown": its.is_shown},
        **{"evidence": its.ratio if its.count else None, "since": its.shown_since},
        "title": documents.title(home, one.card),
    }


class ListAdvisors(Query, name="advisor list", gives={"models": [_ADVISER], "ideas": NUMBER, "shown": NUMBER}):
    def answer(self, home: Home) -> Mapping[str, Any]:
        found = [_row(home, one) for one in advisers(home)]
        counts = {"ideas": len(counted(items(home), (0, 0))), "shown": sum(one["shown"] for one in found)}
        return {"models": found, **counts}


_OPINION = {
    **shape((MODEL, "model"), (TEXT, "lang"), (FLAG, "shown"), chance=WAY, count=NUMBER, evidence=EVIDENCE),
    **{"raised": listed(TEXT), "lowered": listed(TEXT)},
}
ADVICE = kinds.choice("advice", "no_model", "no_text", "none_shown", "shown", "asked")


class ShowAdvice(
    Query,
    name="advisor show",
    gives={"idea": IDEA, "title": TITLE, "advice": ADVICE, "models": NUMBER, "said": [_OPINION]},
):
    idea: tuple[int, int] = arg(Kind("[ROUND/]NUMBER", latest))
    model: int | None = option(MODEL)

    def answer(self, home: Home) -> Mapping[str, Any]:
        one, known = as_posted(home, *self.idea), advisers(home)
        paper_ = documents.document(home, one.digest)
        if self.model is not None and self.model not in {its.number for its in known}:
            raise words.bad("no_model", given=self.model, count=len(known)).at(field="model")
        wanted = [its for its in known if (its.number == self.model if self.model else its.judgement.is_shown)]
        said = [
            {
                **{"model": its.adviser.number, "lang": its.adviser.lang, "chance": Decimal(its.ppm) / ONE},
                **{"shown": its.adviser.judgement.is_shown, "raised": list(its.raised), "lowered": list(its.lowered)},
                **{"count": its.adviser.judgement.count, "evidence": its.adviser.judgement.ratio},
            }
            for its in (opinion(adviser, paper_.raw) for adviser in wanted if paper_)
        ]
        advice = "no_model" if not known else "none_shown" if not wanted else "no_text" if not paper_ else "shown"
        told = {"idea": self.idea, "title": documents.title(home, one.digest), "models": len(known), "said": said}
        return {**told, "advice": "asked" if self.model and said else advice}


@advises
def _of_a_draft(home: Home, draft: Document) -> Iterator[Advice]:
    for its in opinions(home, draft.raw) if draft.kind == "idea" else ():
        by = words.word("review_advice", "by").format(model=its.adviser.number)
        says = words.word("review_advice", "says").format(chance=format_ppm(its.ppm))
        yield Advice(by, says, (*its.raised, *its.lowered))


class TrainAdvisor(
    Query,
    name="advisor train",
    of_machine=True,
    gives=shape(
        (NUMBER, "count passed foretold"), (TEXT, "weights card"), (FIGURE, "loss constant"), auc=WAY, digest=DIGEST
    ),
):
    weights: str = option(TEXT.called("FILE"), "model.bin")
    card: str = option(TEXT.called("FILE"), "card.md")
    lang: str = option(TEXT.called("TAG"), "")

    def answer(self, home: Home) -> Mapping[str, Any]:
        from dmo.advisor.card import card_of
        from dmo.advisor.training import train

        found = [one for one in counted(items(home), (0, 0)) if not self.lang or _lang(home, one.digest) == self.lang]
        trained = train(found)
        write_new(self.weights, trained.model.packed())
        write_new(self.card, card_of(trained, self.lang or _ALL))
        its = trained.figures
        return {
            **{"count": len(found), "passed": sum(one.passed for one in found), "foretold": its.count},
            **{"weights": self.weights, "card": self.card, "digest": trained.digest},
            **{"loss": its.loss / 1_000, "constant": its.constant / 1_000},
            "auc": None if its.auc is None else Decimal(its.auc) / ONE,
        }


def _lang(home: Home, digest: bytes) -> str:
    found = documents.document(home, digest)
    return found.lang if isinstance(found, Document) else ""

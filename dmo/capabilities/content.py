"""Content: the brand, the plan, claims that may be made, and assets of everybody; what there is, and who changes it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from dmo.capabilities import documents
from dmo.capabilities.documents import DocumentAct, Stand, paper
from dmo.capabilities.lint import LICENCES, TERMS_OF_LICENCES
from dmo.core import words
from dmo.core.act import Act, arg, option, simple_act
from dmo.core.chain import Event
from dmo.core.compared import Compared
from dmo.core.facts import Fact, of, on
from dmo.core.kinds import ACCOUNT, DIGEST, FLAG, NUMBER, TIME, Kind, Timestamp, Value, choice
from dmo.home.documents import Document
from dmo.home.home import Home

BRAND, PLAN, CLAIMS = "brand", "plan", "claims"
"""Roles."""
KINDS = ("none", "brand", "pillar", "objective", "goal", "strategy", "tactic", "claim")
"""What an entry is, by the contract's numbers; documents of an entry are of the same kind."""
TERMS = ("commercial", "attribution", "derivatives", "share-alike", "needs-approval", "no-endorsement")
"""Terms of an asset, each twice the number of the one before."""
ENTRY, ASSET = NUMBER.called("ENTRY"), NUMBER.called("ASSET")
ENTRY_KIND = Kind(
    "KIND",
    lambda home, text: KINDS.index(text),
    lambda home, one: words.word("entry_kind", KINDS[one]),
    lambda one: KINDS[one],
    {"enum": [*KINDS]},
)
BRAND_KIND, PLAN_KIND = choice("entry_kind", *KINDS[1:3]), choice("entry_kind", *KINDS[3:7])


def terms_of(number: int) -> list[str]:
    """The terms that a number stands for."""
    return [term for place, term in enumerate(TERMS) if number >> place & 1]


def _terms(home: Home, texts: Sequence[str]) -> int:
    for text in (one for one in texts if one.lower() not in TERMS):
        raise words.bad("none_of_them", given=text[:40], known=", ".join(TERMS))
    return reduce(or_, (1 << TERMS.index(one.lower()) for one in texts), 0)


ASSET_TERMS = Kind(
    "[TERM]...",
    _terms,
    lambda home, number: ", ".join(words.word("asset_terms", term) for term in terms_of(number)),
    terms_of,
    {"type": "array", "items": {"enum": [*TERMS]}},
    is_many=True,
    like="terms",
    choices=TERMS,
)


@dataclass
class ContentEntry(Fact, key=("entry",), born="ContentRegistry.EntryAdded", changed=("ContentRegistry.EntryRevised",)):
    """An entry of the brand, the plan or the claims: its text is revised, its place stays."""

    entry: int = of(NUMBER)
    kind: int = of(ENTRY_KIND)
    parent: int = of(NUMBER)
    author: str = of(ACCOUNT)
    until: Timestamp = of(TIME)
    digest: bytes = of(DIGEST)
    is_live: bool = of(FLAG, True)

    @on("ContentRegistry.EntryRetired")
    def retire(self, event: Event) -> None:
        """For ever."""
        self.is_live = False


@dataclass
class Asset(Fact, key=("asset",), born="ContentRegistry.AssetAdded"):
    """An asset: what holders may use to speak for the project, under its terms."""

    asset: int = of(NUMBER)
    parent: int = of(NUMBER)
    author: str = of(ACCOUNT)
    terms: int = of(ASSET_TERMS)
    until: Timestamp = of(TIME)
    digest: bytes = of(DIGEST)
    is_live: bool = of(FLAG, True)
    is_endorsed: bool = of(FLAG, False)

    @on("ContentRegistry.AssetEndorsed")
    def endorse(self, event: Event) -> None:
        """Or not any longer."""
        self.is_endorsed = event.arguments["isEndorsed"]

    @on("ContentRegistry.AssetRetired")
    def retire(self, event: Event) -> None:
        """For ever; an endorsement ends with it."""
        self.is_live = self.is_endorsed = False


@documents.binds
def _binds(home: Home) -> Iterator[Stand]:
    for entry in home.facts(ContentEntry).values():
        if entry.is_live:
            yield Stand(entry.digest, "entry", entry.said())
    for asset in home.facts(Asset).values():
        if asset.is_live:
            yield Stand(asset.digest, "asset", asset.said())


def _require(file: Document, kind: str) -> None:
    if file.kind != kind:
        raise words.bad("entry_of_kind", "kind", given=file.kind, wanted=kind).at(file.file)


class _Add(DocumentAct):
    def check(self, home: Home) -> None:
        super().check(home)
        _require(vars(self)["file"], vars(self)["what"])

    def arguments(self, home: Home) -> Sequence[Any]:
        given = vars(self)
        until = [given["until"] or 0] if "until" in given else []
        return [KINDS.index(given["what"]), given["under"] or 0, given["file"].digest, *until]


_PLACED = {"parent": "under or 0", "digest": "file"}
_MADE = {"tells": {"entry": ENTRY}}


class AddBrand(_Add, name="brand add", call="ContentRegistry.addBrand", told_by="EntryAdded", who=BRAND, **_MADE):
    what: str = arg(BRAND_KIND)
    file: Document = arg(paper(None))
    under: int | None = option(ENTRY)
    compared = Compared({"kind": "what + 1", **_PLACED})


class AddPlan(_Add, name="plan add", call="ContentRegistry.addPlan", told_by="EntryAdded", who=PLAN, **_MADE):
    what: str = arg(PLAN_KIND)
    file: Document = arg(paper(None))
    under: int | None = option(ENTRY)
    until: Timestamp | None = option(TIME)
    compared = Compared({"kind": "what + 3", **_PLACED, "until": "until or 0"})


class AddClaim(
    DocumentAct, name="claim add", call="ContentRegistry.addClaim", told_by="EntryAdded", who=CLAIMS, **_MADE
):
    file: Document = arg(paper("claim"))
    until: Timestamp | None = option(TIME)
    compared = Compared({"digest": "file", "until": "until or 0"})

    def arguments(self, home: Home) -> Sequence[Any]:
        return [self.file.digest, self.until or 0]


class _Revise(DocumentAct):
    entry: int = arg(ENTRY)
    file: Document = arg(paper(None))

    def check(self, home: Home) -> None:
        super().check(home)
        if (known := home.facts(ContentEntry).get(self.entry)) is not None:
            _require(self.file, KINDS[known.kind])


class _ReviseUntil(_Revise):
    until: Timestamp | None = option(TIME)
    compared = Compared({"digest": "file", "until": "until or shown.until"})

    def _end(self, home: Home) -> int:
        """As said, or as it is."""
        known = home.facts(ContentEntry).get(self.entry)
        return int(self.until or (known.until if known else 0))

    def arguments(self, home: Home) -> Sequence[Any]:
        return [self.entry, self.file.digest, self._end(home)]

    def shown_before(self, home: Home) -> Mapping[str, Any]:
        return {"until": self._end(home)}

    def facts(self, home: Home) -> Mapping[str, Value]:
        return {**super().facts(home), "until": TIME(self._end(home))}


class ReviseBrand(_Revise, name="brand revise", call="ContentRegistry.reviseBrand", told_by="EntryRevised", who=BRAND):
    """Its place stays."""


class RevisePlan(_ReviseUntil, name="plan revise", call="ContentRegistry.revisePlan", told_by="EntryRevised", who=PLAN):
    """Its place stays."""


class ReviseClaim(
    _ReviseUntil, name="claim revise", call="ContentRegistry.reviseClaim", told_by="EntryRevised", who=CLAIMS
):
    """Its number stays."""


_ONE = {"entry": ENTRY}
RetireBrand = simple_act("brand retire", "ContentRegistry.retireBrand", "EntryRetired", _ONE, who=BRAND)
RetirePlan = simple_act("plan retire", "ContentRegistry.retirePlan", "EntryRetired", _ONE, who=PLAN)
RetireClaim = simple_act("claim retire", "ContentRegistry.retireClaim", "EntryRetired", _ONE, who=CLAIMS)


class AddAsset(
    DocumentAct, name="asset add", call="ContentRegistry.addAsset", told_by="AssetAdded", tells={"asset": ASSET}
):
    file: Document = arg(paper("asset"))
    terms: int = option(ASSET_TERMS, 0, flag="term")
    parent: int | None = option(ASSET, flag="from")
    until: Timestamp | None = option(TIME)
    compared = Compared({"parent": "parent or 0", "digest": "file", "until": "until or 0"})

    def arguments(self, home: Home) -> Sequence[Any]:
        return [self.parent or 0, self.file.digest, self.terms, self.until or 0]

    def remarks(self, home: Home) -> Sequence[str]:
        said = [*super().remarks(home)]
        licence = self.file.fields["licence"]
        if (meant := LICENCES.get(licence)) is not None and meant != self.terms & TERMS_OF_LICENCES:
            shown = ASSET_TERMS.show(home, meant)
            said.append(words.word("judged", "licence").format(licence=licence, terms=shown))
        return said


RetireAsset = simple_act("asset retire", "ContentRegistry.retireAsset", "AssetRetired", {"asset": ASSET}, who="author")


class EndorseAsset(Act, name="asset endorse", call="ContentRegistry.endorse", told_by="AssetEndorsed", who=BRAND):
    asset: int = arg(ASSET)
    is_endorsed: bool = arg(FLAG, default=True)

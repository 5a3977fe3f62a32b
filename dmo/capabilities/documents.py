"""Documents: read, published with an act, found by digest, shown."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from weakref import WeakKeyDictionary

from dmo.core import kinds, words
from dmo.core.act import Act, AlreadyDone, Step, arg, option
from dmo.core.calls import Call, make_call
from dmo.core.digests import cid, format_digest
from dmo.core.errors import BadInput, NotFound
from dmo.core.facts import Snapshot
from dmo.core.files import write_new
from dmo.core.kinds import ACCOUNT, DIGEST, TEXT, TIME, Kind, Shape, Value, shape, short_digest
from dmo.core.text import one_line
from dmo.core.view import Query
from dmo.home.documents import Document, Unreadable, read, read_document
from dmo.home.home import Home

MOST_BYTES = 16 * 1024  # what the contract takes


def paper(kind: str | None) -> Kind:
    """A document in a file; of this kind, where one is named."""
    return Kind(
        "FILE",
        lambda home, text: read(home.file(text), kind),
        lambda home, found: f"“{one_line(found.title)}”" if found else "",
        lambda found: "0x" + found.digest.hex() if found else None,
        like="document",
        paper=kind or "*",
    )


def _plain(found: Document | Unreadable | None) -> dict[str, Any] | None:
    if found is None:
        return None
    told = {key: getattr(found, key, None) for key in ("kind", "title", "cid", "body")}
    told["unreadable"] = getattr(found, "because", None)
    return {**told, "digest": "0x" + found.digest.hex(), "fields": found.fields}


DOCUMENT = Kind("DOCUMENT", paper(None).read, plain=_plain, schema={"type": ["object", "null"]})
TITLE = Kind("TITLE", lambda home, text: text, lambda home, text: one_line(text or ""))


def published(home: Home, digest: bytes) -> bytes | None:
    """The text behind a digest, as it was first published on the chain."""
    found = home.events("DocumentLog.DocumentPublished", digest=digest)
    return found[0].arguments["text"] if found else None


def located(home: Home, digest: bytes, *, is_far: bool = False) -> tuple[Document | Unreadable, str] | None:
    """The document behind a digest and where it was found, far: at gateways too; nothing if it is nowhere."""
    from dmo.home.store import find

    gateways = (os.environ.get("DMO_GATEWAYS") or "").split() if is_far else ()
    if home.store.get(digest) is None and (raw := published(home, digest)) is not None:
        home.store.keep(raw)
        return read_document(raw, digest), "chain"
    try:
        found = find(digest, home.store, gateways)
    except (NotFound, BadInput):
        return None
    return found.document, found.source


def document(home: Home, digest: bytes, *, is_far: bool = False) -> Document | Unreadable | None:
    """The document behind a digest; nothing if it is nowhere."""
    found = located(home, digest, is_far=is_far)
    return found[0] if found else None


def title(home: Home, digest: bytes) -> str:
    """A document's title, or what stands for it."""
    found = document(home, digest)
    return found.title if found else words.word("document", "no_text").format(short_digest(digest))


@dataclass(frozen=True)
class Stand:
    """Where a digest stands: its word of ``[word.standing]``, and what that speaks of."""

    digest: bytes
    said: str
    values: Mapping[str, Value]


_BINDING: list[Callable[[Home], Iterator[Stand]]] = []
_STANDINGS: WeakKeyDictionary[Snapshot, dict[bytes, list[Stand]]] = WeakKeyDictionary()


def binds(function: Callable[[Home], Iterator[Stand]]) -> Callable[[Home], Iterator[Stand]]:
    """A capability's part: what it binds digests to."""
    _BINDING.append(function)
    return function


def same_text(home: Home, digest: bytes, **but: int) -> str:
    """Where else the very same text stands, in words; ``but`` says what is meant itself."""
    if home.snapshot not in _STANDINGS:
        found: dict[bytes, list[Stand]] = {}
        for one in (one for part in _BINDING for one in part(home)):
            found.setdefault(one.digest, []).append(one)
        _STANDINGS[home.snapshot] = found
    others = [
        one
        for one in _STANDINGS[home.snapshot].get(digest, ())
        if not but or any(key not in one.values or one.values[key].value != number for key, number in but.items())
    ]
    return ", ".join(words.fill(words.word("standing", one.said), kinds.looking(home, one.values)) for one in others)


COMMENT = shape((TEXT, "text lang"), by=ACCOUNT, at=TIME, title=TITLE, digest=DIGEST)
_COMMENTS: WeakKeyDictionary[Snapshot, dict[str, list[dict[str, Any]]]] = WeakKeyDictionary()


def comments(home: Home, about: str) -> list[dict[str, Any]]:
    """What was said of an idea (``3/7``) or of work (``5``) on the chain, in the order it was said."""
    if home.snapshot not in _COMMENTS:
        said: dict[str, list[dict[str, Any]]] = {}
        seen: set[bytes] = set()
        for event in home.events("DocumentLog.DocumentPublished"):
            value = event.arguments["digest"]
            found = read_document(event.arguments["text"], value)
            if value not in seen and isinstance(found, Document) and found.kind == "comment":
                told = {"text": found.body.strip(), "lang": found.lang, "title": found.title, "digest": value}
                by = {"by": event.arguments["publisher"], "at": event.at}
                said.setdefault(found.fields["about"], []).append({**told, **by})
            seen.add(value)
        _COMMENTS[home.snapshot] = said
    return _COMMENTS[home.snapshot].get(about, [])


class DocumentAct(Act):
    """An act that binds a document: kept here, its digest sent, its text published where wished."""

    has_document: ClassVar[bool] = True

    def document(self, home: Home) -> Document:
        """The document it binds: the field that holds one."""
        found: Document = next(one for one in vars(self).values() if hasattr(one, "digest"))
        return found

    def arguments(self, home: Home) -> Sequence[Any]:
        values = [getattr(self, key) for key in self.parameters()]
        return [getattr(value, "digest", value) for value in values]

    def check(self, home: Home) -> None:
        raw = self.document(home).raw
        home.store.put(raw)
        if (home.options.publish or not self.has_document) and len(raw) > MOST_BYTES:
            raise words.bad("too_long_to_publish", bytes=len(raw), most=MOST_BYTES)

    def facts(self, home: Home) -> Mapping[str, Value]:
        found = self.document(home)
        named = {"digest": DIGEST(found.digest), "cid": TEXT(found.cid), "title": TITLE(found.title)}
        return {**named, "unpublished": TEXT(None if self._publishes(home, found) else found.cid)}

    def remarks(self, home: Home) -> Sequence[str]:
        same = same_text(home, self.document(home).digest)
        return [words.word("document", "stands").format(same)] if same and self.has_document else ()

    def steps(self, home: Home) -> list[Step]:
        found, steps = self.document(home), super().steps(home)
        if self._publishes(home, found) and published(home, found.digest) is None:
            steps.append(Step(publication(home, found)))
        return steps

    @staticmethod
    def _publishes(home: Home, found: Document) -> bool:
        wished = home.network.is_test if home.options.publish is None else home.options.publish
        return wished and len(found.raw) <= MOST_BYTES


def publication(home: Home, found: Document) -> Call:
    """The call that publishes a document's text."""
    told = words.word("document", "publish").format(found.title)
    return make_call("DocumentLog", home.dmo.address("DocumentLog"), "publish", [found.raw], told)


class Publish(DocumentAct, name="document publish", call="DocumentLog.publish", told_by="DocumentPublished"):
    has_document: ClassVar[bool] = False
    file: Document = arg(paper(None))

    def check(self, home: Home) -> None:
        super().check(home)
        if published(home, self.file.digest) is not None:
            raise AlreadyDone(words.word("document", "already").format(self.file.cid))

    def steps(self, home: Home) -> list[Step]:
        return [Step(publication(home, self.file))]


FOUND = shape((TEXT, "cid source file"), digest=DIGEST, document=DOCUMENT)
VERIFIED = shape((TEXT, "kind sha256 cid unknown"), title=TITLE, digest=DIGEST)


class GetDocument(Query, name="document get", gives=FOUND):
    digest: bytes = arg(DIGEST)
    out: str | None = option(TEXT.called("FILE"))

    def answer(self, home: Home) -> Mapping[str, Any]:
        found = located(home, self.digest, is_far=True)
        if found is None:
            raise words.missing("document_nowhere", cid=cid(self.digest))
        if self.out is not None:
            write_new(self.out, found[0].raw)
        told = {"digest": self.digest, "cid": cid(self.digest), "source": found[1], "file": self.out}
        return {**told, "document": found[0] if self.out is None else None}


class VerifyDocument(Query, name="document verify", needs_chain=False, gives=VERIFIED):
    file: Document = arg(paper(None))
    digest: bytes | None = arg(DIGEST, default=None)

    def answer(self, home: Home) -> Mapping[str, Any]:
        found = self.file
        if self.digest is not None and self.digest != found.digest:
            hashes = {"is": format_digest(found.digest), "should_be": format_digest(self.digest)}
            differences = [words.word("document", key).format(one) for key, one in hashes.items()]
            raise words.failed("other_document", differences, title=found.title)
        told = {key: getattr(found, key) for key in ("kind", "title", "digest", "cid")}
        return {**told, "sha256": format_digest(found.digest), "unknown": ", ".join(found.unknown)}


class TemplateQuery(Query):
    """Writes a commented template, its noun's if ``template`` names no other; with a field ``file``."""

    template: ClassVar[str] = ""
    needs_chain: ClassVar[bool] = False
    of_machine: ClassVar[bool] = True
    gives: ClassVar[Shape] = {"file": TEXT, "kind": TEXT}

    lang: str = option(TEXT.called("TAG"), "en")

    def which(self, home: Home) -> tuple[str, str]:
        """The template, and for whom."""
        return self.template or self.name.split()[0], ""

    def answer(self, home: Home) -> Mapping[str, Any]:
        from dmo.home.templates import KINDS_OF, template

        (name, worker), given = self.which(home), vars(self)
        file = given["file"] or f"{name}.md"
        write_new(file, template(name, lang=given["lang"], worker=worker))
        return {"file": file, "kind": KINDS_OF.get(name, name)}


class NewDocument(TemplateQuery, name="document new"):
    form: str = arg(TEXT.called("KIND"), kw_only=True)
    file: str = arg(TEXT.called("FILE"), default="")

    def which(self, home: Home) -> tuple[str, str]:
        return self.form, ""

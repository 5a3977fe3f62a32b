"""Documents on the command line: read, kept, published with an act, found and shown."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dmo.cli import texts
from dmo.cli.act import Step
from dmo.cli.session import Session
from dmo.core.errors import BadInput, NotFound

if TYPE_CHECKING:
    from dmo.home.documents import Document, Unreadable

__all__ = [
    "display",
    "found",
    "gateways",
    "keep",
    "publication",
    "show",
    "title_of",
    "write_template",
]


def write_template(
    session: Session, name: str, file: Path, lang: str, worker: str = "", follows: str = ""
) -> None:
    """Write a commented template, and say what comes next.

    Args:
        session: The session.
        name: Which template.
        file: Where to.
        lang: Language of the text.
        worker: Who gives it, for evidence.
        follows: What comes next, where it is not what the template says.
    """
    from dmo.cli.reading import new_file
    from dmo.home.templates import KINDS_OF, template

    new_file(file, template(name, lang=lang, worker=worker))
    session.screen.data.update(file=str(file), kind=KINDS_OF.get(name, name))
    session.screen.heading(texts.TEMPLATE_WRITTEN.format(file))
    session.screen.say(texts.NEXT.format(texts.TEMPLATE_NEXT[follows or name].format(file=file)))


def keep(session: Session, file: Path, kind: str | None) -> Document:
    """Read a document, check it, and put it into the local store."""
    from dmo.home.documents import read

    document = read(file, kind)
    session.store.put(document.raw)
    session.screen.data.update(digest=document.digest, cid=document.cid, title=document.title)
    return document


def publication(session: Session, document: Document, wanted: bool | None) -> list[Step]:
    """The transaction that publishes a document, where that is wanted.

    Args:
        session: The session.
        document: The document.
        wanted: --publish or --no-publish; None for the default: yes where coins cost nothing.
    """
    from dmo.client import documents

    publish = session.network.is_test if wanted is None else wanted
    if publish and len(document.raw) > documents.MAX_BYTES:
        if wanted:
            raise BadInput(
                f"the document has {len(document.raw)} bytes",
                expected=f"at most {documents.MAX_BYTES} for the chain; use --no-publish",
            )
        session.screen.note(texts.TOO_LONG_TO_PUBLISH)
        publish = False
    if publish and documents.find(session.dmo, document.digest) is None:
        return [Step(documents.publish(session.dmo, document.raw, document.title))]
    if not publish:
        session.screen.say(texts.NOT_PUBLISHED.format(document.cid))
    return []


def gateways() -> list[str]:
    """Gateways to ask: DMO_GATEWAYS, separated by spaces."""
    return (os.environ.get("DMO_GATEWAYS") or "").split()


def found(
    session: Session, digest: bytes, *, is_far: bool = True
) -> tuple[Document | Unreadable, str] | None:
    """A document and where it was found; nothing if it is nowhere.

    Gateways are asked if it may be far away.
    """
    from dmo.home.store import find

    try:
        known = find(digest, session.store, session.dmo, gateways() if is_far else ())
    except (NotFound, BadInput):
        return None
    return known.document, known.source


def title_of(session: Session, digest: bytes) -> str:
    """A document's title, or its digest."""
    from dmo.cli.reading import short_digest

    known = found(session, digest)
    return known[0].title if known else texts.NO_TEXT.format(short_digest(digest))


def facts(document: Document | Unreadable) -> dict[str, Any]:
    """A document for machines; of one that cannot be read, why."""
    from dmo.home.documents import Unreadable

    if isinstance(document, Unreadable):
        return {
            "digest": document.digest,
            "cid": document.cid,
            "unreadable": document.because,
        }
    return {
        "kind": document.kind,
        "title": document.title,
        "digest": document.digest,
        "cid": document.cid,
        "body": document.body,
        "fields": document.front.model_dump(mode="json", exclude_none=True),
    }


def show(session: Session, digest: bytes) -> Document | Unreadable | None:
    """Show the document behind a digest, hashed; say so where it is nowhere."""
    document = display(session, digest)
    session.screen.data["document"] = facts(document) if document else None
    return document


def display(
    session: Session, digest: bytes, *, is_far: bool = True
) -> Document | Unreadable | None:
    """The same, for people alone; gateways are asked if it may be far away."""
    from dmo.core.digests import cid
    from dmo.home.documents import Unreadable

    known = found(session, digest, is_far=is_far)
    if known is None:
        session.screen.say(texts.DOCUMENT_NOWHERE.format(cid(digest)))
        return None
    document, source = known
    if isinstance(document, Unreadable):
        session.screen.say()
        session.screen.heading(texts.UNREADABLE.format(document.because))
        session.screen.say(texts.UNREADABLE_BYTES.format(document.cid))
        return document
    if session.screen.as_json:
        return document
    skipped = ("kind", "title", "lang")
    session.screen.say()
    session.screen.heading(f"{document.kind}: {document.title}")
    fields = document.front.model_dump(mode="json", exclude_none=True)
    pairs = [(key, _flat(value)) for key, value in fields.items() if key not in skipped]
    session.screen.fields([(key, value) for key, value in pairs if value])
    if document.body.strip():
        session.screen.say()
        for line in document.body.strip().split("\n"):
            session.screen.say(f"  {line}".rstrip())
    session.screen.say()
    session.screen.say(texts.DOCUMENT_FROM.format(document.cid, texts.SOURCES.get(source, source)))
    return document


def _flat(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_flat(item)}" for key, item in value.items())
    if isinstance(value, list):
        rows = [_flat(item) for item in value]
        return ("\n" if any(len(row) > 24 for row in rows) else ", ").join(rows)
    return str(value)

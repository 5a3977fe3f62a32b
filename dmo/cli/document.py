"""dmo document: publish texts, find them by digest, verify them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from dmo.cli import texts
from dmo.cli.options import ACT, FREE, command, noun
from dmo.cli.session import Session
from dmo.core.errors import BadInput, CheckFailed

app = noun("document")

File = Annotated[Path, Argument(metavar="FILE", help=texts.ARG_FILE, show_default=False)]


@command(app, "document publish", ACT)
def publish(session: Session, file: File) -> None:
    """Publish a document on the chain."""
    from dmo.cli.act import Step, act
    from dmo.client import documents
    from dmo.home.documents import read

    document = read(file)
    session.store.put(document.raw)
    session.screen.data.update(digest=document.digest, cid=document.cid)
    if documents.find(session.dmo, document.digest) is not None:
        session.screen.say(texts.ALREADY_PUBLISHED.format(document.cid))
        return
    act(
        session,
        [Step(documents.publish(session.dmo, document.raw, document.title))],
        effects=[texts.PUBLISH_EFFECT],
        result=lambda _: texts.PUBLISHED.format(document.cid),
        next_step=f"dmo document get {document.cid}",
    )


@command(app, "document get")
def get(
    session: Session,
    digest: Annotated[str, Argument(metavar="DIGEST", help=texts.ARG_DIGEST, show_default=False)],
    out: Annotated[
        Path | None, Option("--out", metavar="FILE", help=texts.OPTION_OUT_DOCUMENT)
    ] = None,
) -> None:
    """Find a document by its digest."""
    from dmo.cli import papers
    from dmo.core.digests import cid, parse_digest
    from dmo.core.files import write_text
    from dmo.home.store import find

    value = parse_digest(digest)
    known = find(value, session.store, session.dmo, papers.gateways())
    session.screen.data.update(digest=value, cid=cid(value), source=known.source)
    if out is not None:
        if out.exists():
            raise BadInput("is already there", expected="another name", file=str(out))
        write_text(out, known.raw)
        session.screen.data["file"] = str(out)
        session.screen.say(texts.WRITTEN.format(out))
        return
    papers.show(session, value)


@command(app, "document verify", FREE)
def verify(
    session: Session,
    file: File,
    digest: Annotated[
        str | None, Argument(metavar="[DIGEST]", help=texts.ARG_DIGEST_EXPECTED, show_default=False)
    ] = None,
) -> None:
    """Check a document, and compare it with a digest."""
    from dmo.core.digests import format_digest, parse_digest
    from dmo.home.documents import read

    document = read(file)
    session.screen.data.update(
        kind=document.kind, title=document.title, digest=document.digest, cid=document.cid
    )
    if digest is not None and parse_digest(digest) != document.digest:
        raise CheckFailed(
            texts.OTHER_DIGEST.format(file),
            [
                texts.IT_IS.format(format_digest(document.digest)),
                texts.IT_SHOULD_BE.format(format_digest(parse_digest(digest))),
            ],
        )
    session.screen.heading(texts.VERIFIED.format(document.kind, document.title))
    session.screen.fields([("sha2-256", format_digest(document.digest)), ("CID", document.cid)])
    if document.unknown:
        session.screen.say(texts.UNKNOWN_FIELDS.format(", ".join(document.unknown)))

"""Commented templates of documents, made from their models: what `… new` writes.

What is empty has to be filled in; an unfilled template is refused with the line and the field.
"""

from collections.abc import Iterator, Mapping
from typing import get_origin

import langcodes
from pydantic import BaseModel

from dmo.core import words
from dmo.home.papers import KINDS, about, parts_of

KINDS_OF = {"statement": "reason", "plan": "objective"}
"""Templates that are not named after the kind of document they make."""
_COMMENTS_AT = 23


def template(kind: str, *, lang: str = "en", worker: str = "") -> str:
    """A commented template of a kind, for a language (BCP 47); evidence names its worker. Raises BadInput: no kind."""
    if kind not in (known := words.load()["word"]["template"]):
        raise words.bad("no_template", given=kind[:40], known=", ".join(known))
    if not langcodes.tag_is_valid(lang):
        raise words.bad("no_language", field="lang", given=lang[:40])
    made, language = KINDS_OF.get(kind, kind), langcodes.get(lang).language
    with words.speaking(language if language in words.languages() else words.spoken()):
        front = [*_lines(KINDS[made], {"kind": made, "lang": lang, "worker": f'"{worker}"'})]
        text = words.word("template", kind).rstrip()
    return "\n".join(["---", *front, "---", "", text, ""])


def _lines(model: type[BaseModel], given: Mapping[str, str], indent: str = "") -> Iterator[str]:
    """Each field with what it is: groups and lists by their members, what may be left out as a comment."""
    starts = words.load()["word"]["start"]
    for name, field in model.model_fields.items():
        parts, is_list = parts_of(field.annotation), get_origin(field.annotation) is list
        known = given.get(name) or starts.get(f"{model.__name__.lower()}_{name}", starts.get(name))
        value = ("" if parts or is_list else '""') if known is None else str(known)
        start = f"{indent}{'' if field.is_required() else '# '}{name}: {value}".rstrip()
        told = about(model, name)
        yield f"{f'{start} ':<{_COMMENTS_AT}}# {told}" if told else start
        for part in parts:
            for place, line in enumerate(_lines(part, {}, "    " if is_list else "  ")):
                row = f"{'#' if value else ' '}{'   ' if place else ' - '}{line[4:]}"
                yield row if is_list else line
        if not value and not parts:
            yield '  - ""'

"""What a page offers: the acts that fit what it is about, and the pages that a deployment's rooms have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from dmo.core import words
from dmo.core.act import ANYONE, Act
from dmo.core.errors import DmoError
from dmo.core.view import Query, View
from dmo.faces.web import draw, pages
from dmo.faces.web.pages import Place
from dmo.faces.web.visitor import Visitor


def is_here(visitor: Visitor, asked: Any) -> bool:
    """Whether the deployment has what an act calls."""
    contract = asked.call[0]
    return not contract or contract in visitor.dmo.addresses or asked.target is not Act.target


def offered(
    visitor: Visitor, one: Place, named: Mapping[str, str], views: Sequence[View]
) -> list[tuple[bool, str, dict[str, str]]]:
    """The acts of a page: whether one comes next and is for who looks, its name, what is filled in; those first."""
    following = [line for view in views for line in view.next]
    likely = {draw.following(line).to.partition("?")[0] for line in following}
    about = views[0].data if views else {}
    here = [name for name in one.acts if is_here(visitor, acts()[name]) and _fits(visitor, acts()[name], named)]
    mine = [name for name in here if pages.act_path(name) in likely and _is_for(visitor, acts()[name].who, about)]
    found = [(name in mine, name, pages.prefilled(acts()[name], named)) for name in here]
    return sorted(found, key=lambda its: not its[0])


_ANYBODYS = (ANYONE, "holder", "juror", "proposer", "holder of the badge", "holder of the underlying token")
_NAMED = {"lead": "lead", "lead or governance": "lead", "worker": "worker", "author": "author"}
"""Who may do an act, and what the page's data call them."""


def _is_for(visitor: Visitor, who: str, about: Mapping[str, Any]) -> bool:
    """Whether an act may be done by who looks, as far as the page knows; a post that is open is everybody's."""
    if who not in _NAMED:
        return who in _ANYBODYS
    inner = (one for key, one in about.items() if isinstance(one, Mapping) and key != "document")
    known = next((one[_NAMED[who]] for one in (about, *inner) if one.get(_NAMED[who])), None)
    return known is None or known == visitor.maybe_me


def _fits(visitor: Visitor, asked: Any, named: Mapping[str, str]) -> bool:
    """Whether an act can be about what a page is about."""
    for key, text in pages.prefilled(asked, named).items():
        kind = asked.kind(key)
        try:
            kind.read(visitor, [text] if kind.is_many else text)
        except DmoError:
            return False
    return True


@lru_cache(maxsize=16)
def nav(language: str, contracts: frozenset[str], *, is_main: bool) -> list[tuple[str, str]]:
    """The pages that are about no one thing: path and name; the main ones, or the others."""
    said = words.load(language)["face"]["page"]
    firsts = {one.noun: one for one in reversed(pages.pages())}.values()
    known = [one for one in reversed(firsts) if not one.named and (one.nav or one.path == "/") is is_main]
    rooms = [(one, queries()[one.queries[0].name].room if one.queries else "") for one in known]
    shown = [one for one, room in rooms if not room or room in contracts]
    return [(one.path, said[one.noun].get("nav") or said[one.noun]["title"]) for one in shown]


@cache
def acts() -> dict[str, Any]:
    """The registry's acts by name."""
    from dmo.faces import cli

    return {name: one for name, one in cli.commands().items() if issubclass(one, Act)}


@cache
def queries() -> dict[str, Any]:
    """Its queries."""
    from dmo.faces import cli

    return {name: one for name, one in cli.commands().items() if issubclass(one, Query)}

"""What notices rest on: the facts that they follow from, and whom these concern."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dmo.core.chain import Event
from dmo.core.notices import EVERYONE


def payee(event: Event) -> str:
    """Whom a payment concerns; empty for what is none."""
    told = event.arguments
    return str(told.get("payee") or told.get("account") or (told["to"] if event.name.startswith("Bond") else ""))


def subjects(event: Event) -> list[str]:
    """What a fact can be the root of: the same transaction, about the same thing."""
    told = event.arguments
    found = [f"{key} {told[key]}" for key in ("submission", "round", "report", "campaign") if key in told]
    found += [f"idea {told['round']}/{told['number']}"] if "number" in told else []
    return [*found, f"account {payee(event)}"]


def root(event: Event, subject: str) -> dict[str, Any]:
    """A notice's root, and its block."""
    return {"root": f"{subject} {event.tx}", "block": event.block}


def roots(found: Iterable[tuple[str, Event]]) -> dict[str, int]:
    """All roots among some facts, with their blocks."""
    return {f"{subject} {one.tx}": one.block for _, one in found for subject in subjects(one)}


def among(known: set[str], *who: str) -> list[str]:
    """Those of these accounts that want to be told, and everyone if they are among them."""
    return [one for one in dict.fromkeys((*who, EVERYONE)) if one in known]

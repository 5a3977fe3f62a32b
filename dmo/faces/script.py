"""Acts as scripts do them: ``"noun verb" field=value …``, sent by the account that the script brings."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from dmo.capabilities import registry
from dmo.core import act, engine, words
from dmo.core.act import Act, AlreadyDone, Asked
from dmo.core.due import items
from dmo.core.errors import Refused
from dmo.core.kinds import FLAG
from dmo.faces import running
from dmo.faces.sending import recall
from dmo.faces.terminal import Screen
from dmo.home.home import Home


def _said(key: str, **values: Any) -> str:
    return words.word("script", key).format(**values)


def named(name: str) -> type[Asked]:
    """The act or query of this name. Raises BadInput: there is none."""
    found = registry().get(" ".join(name.split()))
    if found is None:
        raise words.bad("no_act_of_this_name", given=name[:60])
    return found


def run(home: Home, name: str, line: Sequence[str]) -> None:
    """Do an act of this name with ``field=value`` …, or show a query's answer; a last ``yes`` answers what is asked."""
    asked, is_sure = named(name), [*line[-1:]] == ["yes"]
    fields = act.given(asked, line[:-1] if is_sure else line)
    if getattr(asked, "has_document", False) and "publish" in fields:
        home.options = replace(home.options, publish=FLAG.read(home, fields.pop("publish")))
    if "again" in fields:
        home.options = replace(home.options, is_again=FLAG.read(home, fields.pop("again")))
    running.do(home, Screen(as_json=False), asked, fields, {"yes": is_sure})


def due_acts(home: Home) -> list[Act]:
    """Everything that anybody may do now, in the order of its urgency."""
    registry()  # which loads what knows of anything due
    return [one for item in items(home, None) for one in item.acts]


def show_due(home: Home) -> None:
    """Say what is due, and send nothing."""
    screen, found = Screen(as_json=False), due_acts(home)
    _list(home, screen, found)
    screen.say(_said("count", count=len(found)) if found else _said("nothing"))


def _list(home: Home, screen: Screen, acts: Sequence[Act]) -> None:
    texts = []
    for one in acts:
        try:
            texts += [step.call.description for step in engine.plan(home, one).steps]
        except (Refused, AlreadyDone):
            texts.append(one.name)  # why not is said where it would be done
    for place, text in enumerate(texts, 1):
        screen.say(f"{place}. {text}")


def pay_out(home: Home, shared: Mapping[str, Any]) -> None:
    """Do what is due, again until nothing is: a ruling makes work payable, its payment jurors so.

    With ``yes`` in ``shared`` nothing is asked. Raises Refused: something was, and is still due.
    """
    screen = Screen(as_json=False)
    recall(home, screen, "")
    tried: list[Act] = []
    refused: list[Refused] = []
    while acts := [one for one in due_acts(home) if one not in tried]:
        _list(home, screen, acts)
        running.ask(home, shared)
        for one in acts:
            try:
                running.perform(home, screen, one, {"yes": True}, "due")
            except Refused as error:
                # Somebody else was faster, or it cannot be done: the others still can.
                refused.append(home.explained(error))
                screen.say(_said("passed_over", act=one.name, why=refused[-1].message))
        tried += acts
        home.look_again()
    if not tried:
        screen.say(_said("nothing"))
        return
    left = len(due_acts(home))
    screen.say(_said("done", done=len(tried) - len(refused), tried=len(tried), left=left))
    if left and refused:
        raise refused[0]

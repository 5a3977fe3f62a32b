"""Acts: what people do, said once for every face.

An act is a frozen dataclass whose fields carry kinds. It knows which call it makes, who may, which
event tells of it, and nothing of any face; its words stand in words/<lang>/*.toml under its name.
``read`` makes one of what somebody wrote; what is done with it is dmo.core.engine's.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, field, fields
from types import new_class
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from dmo.core import abi, words
from dmo.core.calls import make_call
from dmo.core.compared import Compared
from dmo.core.errors import BadInput, Refused
from dmo.core.kinds import Kind, Value
from dmo.core.steps import Step as Step

if TYPE_CHECKING:
    from dmo.core.engine import Done
    from dmo.core.view import View
    from dmo.home.home import Home

ANYONE = "anyone"
T = TypeVar("T", bound="Asked")


def arg(kind: Kind, **more: Any) -> Any:
    """A field of an act or query that is named by its place."""
    return field(metadata={"kind": kind, "is_option": False}, **more)


def option(kind: Kind, default: Any = None, flag: str = "", **more: Any) -> Any:
    """A field that is named by its name, or by its flag; MISSING for a default makes it needed."""
    if "default_factory" not in more and default is not MISSING:
        more["default"] = default
    return field(metadata={"kind": kind, "is_option": True, "flag": flag}, **more)


class AlreadyDone(Exception):
    """An act without effect: told, and not sent. Its text says why."""


class Asked:
    """What acts and queries have in common: a name, and fields with kinds. Subclasses are frozen dataclasses."""

    name: ClassVar[str] = ""
    registry: ClassVar[dict[str, Any]] = {}
    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    if TYPE_CHECKING:

        def __init__(self, *places: Any, **names: Any) -> None: ...

    def __init_subclass__(cls, name: str = "", **said: Any) -> None:
        for key, value in said.items():
            setattr(cls, key, value)
        if name:
            cls.name = name
            cls.registry[name] = cls
        dataclass(frozen=True)(cls)

    @classmethod
    def parameters(cls) -> dict[str, Field[Any]]:
        """The fields that a person fills in."""
        return {one.name: one for one in fields(cls) if "kind" in one.metadata}

    @classmethod
    def kind(cls, name: str) -> Kind:
        """A field's kind."""
        found: Kind = cls.parameters()[name].metadata["kind"]
        return found

    @classmethod
    def meant(cls, word: str) -> str:
        """The field that a word means: by its flag, or itself."""
        return next((key for key, one in cls.parameters().items() if word and one.metadata.get("flag") == word), word)

    @classmethod
    def required(cls) -> list[str]:
        """The fields that have to be given."""
        known = cls.parameters().items()
        return [key for key, one in known if one.default is MISSING and one.default_factory is MISSING]

    def given(self) -> dict[str, Value]:
        """The fields' values with their kinds."""
        return {key: Value(self.kind(key), getattr(self, key)) for key in self.parameters()}

    def written(self) -> str:
        """It as scripts write it: name, then field=value; fields left as they were are left out."""
        told = {key: one for key, one in self.given().items() if one.value not in (None, (), [])}
        pairs = [
            f"{key}={' '.join(map(str, v)) if isinstance(v, list) else v}"
            for key, one in told.items()
            if (v := one.kind.plain(one.value)) not in (False, None)
        ]
        return shlex.join([*self.name.split(), *pairs])


def given(asked: type[Asked], pairs: Sequence[str]) -> dict[str, Any]:
    """Fields of ``field=value``, as scripts and proposals write them; one that takes many is split as a shell does."""
    found: dict[str, Any] = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        key = asked.meant(name.replace("-", "_"))
        if not sign:
            raise words.bad("no_pair", given=pair[:60], fields=", ".join(asked.parameters()))
        if key in asked.parameters() and asked.kind(key).is_many:
            try:
                found[key] = [*found.get(key, ()), *shlex.split(value)]
            except ValueError:
                raise words.bad("no_quotation", given=value[:60]).at(field=key) from None
        elif key in found:
            raise words.bad("said_twice").at(field=key)
        else:
            found[key] = value
    return found


def read(asked: type[T], home: Home, given: Mapping[str, Any]) -> T:
    """An act or query from what a person wrote by field, a list where the kind takes many; raises BadInput."""
    known = asked.parameters()
    given = {asked.meant(key): text for key, text in given.items() if text is not None}
    for key in (one for one in given if one not in known):
        raise words.bad("unknown_field", field=key, name=asked.name, key=key, known=", ".join(known) or "nothing")
    flags = {key: one.metadata.get("flag") or key for key, one in known.items()}
    missing = [flags[key] for key in asked.required() if given.get(key) in (None, "", [])]
    if missing:
        raise words.bad("needed_fields", field=missing[0], name=asked.name, fields=", ".join(missing))
    values = {}
    for key, text in given.items():
        try:
            is_list = (kind := asked.kind(key)).is_many and isinstance(text, str)
            values[key] = kind.read(home, text.split() if is_list else text)
        except BadInput as error:
            raise error.at(field=flags[key]) from None
    return asked(**values)


class Act(Asked):
    """Something a person does. Subclasses add fields; most need nothing else.

    Class arguments:
        name: ``noun verb``.
        call: ``Contract.function``.
        told_by: The event of that contract that says what happened.
        tells: Arguments of that event that are told to people and machines, with their kinds.
        pays: The field that holds what is taken from the sender.
        token: Which token that is.
        spender: Who takes it; the called contract if not said.
        who: Who may, as docs and permissions have it.
        is_divisible: Whether its list may be done in several transactions.
    """

    call: ClassVar[tuple[str, str]] = ("", "")
    told_by: ClassVar[str] = ""
    tells: ClassVar[Mapping[str, Kind]] = {}
    pays: ClassVar[str] = ""
    token: ClassVar[str] = "budget"
    spender: ClassVar[str] = ""
    who: ClassVar[str] = ANYONE
    is_divisible: ClassVar[bool] = False
    compared: ClassVar[Compared] = Compared()

    registry: ClassVar[dict[str, type[Act]]] = {}

    def __init_subclass__(cls, call: str = "", **said: Any) -> None:
        if call:
            contract, _, function = call.partition(".")
            cls.call = contract, function
        super().__init_subclass__(**said)

    def parts(self, home: Home) -> Iterator[Act]:
        """Acts that do it in turn, where it is too much to be worked out at once; itself, as a rule."""
        yield self

    def arguments(self, home: Home) -> Sequence[Any]:
        """The call's arguments; the fields in their order."""
        return [getattr(self, key) for key in self.parameters()]

    @classmethod
    def recognised(cls, home: Home, arguments: Mapping[str, Any]) -> Mapping[str, Value] | None:
        """What its words speak of, from the arguments of its call; nothing where they do not tell."""
        if cls.arguments is not Act.arguments or len(arguments) != len(cls.parameters()):
            return None
        return {key: cls.kind(key)(value) for key, value in zip(cls.parameters(), arguments.values(), strict=True)}

    def check(self, home: Home) -> None:
        """Refuse what no contract would notice; raises BadInput."""

    def repeated(self, home: Home) -> BadInput | None:
        """What is wrong with doing it once more, where the same was done; asked once it was tried, without --again."""
        return None

    def remarks(self, home: Home) -> Sequence[str]:
        """What else who decides should know."""
        return ()

    def without_effect(self, home: Home) -> str:
        """Why it would change nothing for who acts, so that it is told and not sent; empty where it does something."""
        return ""

    def bond(self, home: Home) -> int:
        """What is taken from the sender, in the token's smallest unit."""
        return int(getattr(self, self.pays)) if self.pays else 0

    def value(self, home: Home) -> int:
        """What is sent along, in wei."""
        return 0

    def facts(self, home: Home) -> Mapping[str, Value]:
        """What else its words and its data speak of; read from the chain."""
        return {}

    def shown_before(self, home: Home) -> Mapping[str, Any]:
        """What a page shows before it asks, as ``compared`` names it, for JSON; fields may be lacking yet."""
        return {}

    def target(self, home: Home) -> str:
        """Address of the called contract."""
        return home.dmo.address(self.call[0])

    def function(self, home: Home) -> str:
        """The called function."""
        return self.call[1]

    def steps(self, home: Home) -> list[Step]:
        """The transactions, an approval first where one is needed."""
        bond = self.bond(home)
        approvals = home.approvals(self.token, self.spender or self.call[0], bond) if bond else []
        contract, function, arguments = self.call[0], self.function(home), self.arguments(home)
        call = make_call(contract, self.target(home), function, arguments, "", self.value(home))
        main = Step(call, is_behind_approval=bool(bond), is_divisible=self.is_divisible)
        return [*(Step(one, is_behind_approval=place > 0) for place, one in enumerate(approvals)), main]

    def refused(self, home: Home, error: Refused) -> Refused:
        """What a refusal of its call means; as the contract has it, as a rule."""
        return error

    def before(self, home: Home) -> None:
        """Done once all is asked and answered, before anything leaves."""

    def shown(self, home: Home) -> View | None:
        """What a person should see before deciding."""
        return None

    def told(self, home: Home, done: Done) -> Mapping[str, Value]:
        """What is told once it is done; arguments of the event, as a rule."""
        event = done.event(self.told_by)
        told = event.arguments if event else dict.fromkeys(self.tells)
        told = {**told, **{abi.snake(key): value for key, value in told.items()}}
        return {key: kind(told[key]) for key, kind in self.tells.items()}


def simple_act(name: str, call: str, told_by: str, takes: Mapping[str, Kind], **said: Any) -> type[Act]:
    """An act that is nothing but a call: it takes the arguments in their order."""
    body = {**{key: arg(kind) for key, kind in takes.items()}, "__annotations__": dict.fromkeys(takes, Any)}
    given = {"name": name, "call": call, "told_by": told_by, **said}
    return new_class(call.partition(".")[2], (Act,), given, lambda own: own.update(body))

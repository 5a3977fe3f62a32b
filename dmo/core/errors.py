"""Everything that can go wrong, as one tree of exceptions.

::

    DmoError                     exit 1
    ├── BadInput                 exit 2   a file, an option or an amount that cannot be used
    ├── Refused                  exit 1   a contract said no, with its error and arguments
    ├── CheckFailed              exit 1   the chain differs from what it should be
    ├── NotFound                 exit 1   a document or a record that is nowhere to be found
    ├── Declined                 exit 1   a person was asked and said no
    ├── Interrupted              exit 130 a person stopped it after something was sent
    └── NetworkError             exit 3   the node does not answer, or answers nonsense
        ├── NodeError            exit 3   the node answered a request with an error
        ├── WrongChain           exit 3   the node serves another chain than the deployment names
        └── NotMined             exit 3   a transaction was sent and has not been mined in time
"""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from dmo.core.text import one_line


def _words(name: str, **values: object) -> tuple[str, str]:
    """What the words say of one of these errors, and what would be right."""
    from dmo.core.words import wrong

    return wrong(name, values)


FAULTS = (ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)
"""What code made for honest input may end in."""


class DmoError(Exception):
    """Base of all errors of this package.

    Attributes:
        code: Short name for machines.
        message: One sentence for a person.
        hint: What would be right, or empty.
        details: Facts behind the message, JSON-ready after ``str``.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, hint: str = "", details: Mapping[str, object] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.details: dict[str, object] = dict(details or {})

    @property
    def code(self) -> str:
        """Short name for machines; the class's name unless a subclass knows better."""
        return type(self).__name__

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class BadInput(DmoError):
    """Something a person wrote cannot be used.

    Args:
        reason: What is wrong, without the place.
        expected: What would be right.
        file: The file, if it came from one.
        line: Line in the file, counted from 1.
        field: Field, column or option.
    """

    exit_code = 2

    def __init__(
        self,
        reason: str,
        *,
        expected: str = "",
        file: str | None = None,
        line: int | None = None,
        field: str | None = None,
    ) -> None:
        self.reason, self.expected = reason, expected
        self.file, self.line, self.field = file, line, field
        place = ":".join(str(part) for part in (file, line) if part is not None)
        head = "".join(f"{part}: " for part in (place, field) if part)
        facts = {"file": file, "line": line, "field": field}
        known = {key: value for key, value in facts.items() if value is not None}
        says, right = _words("bad_input", reason=head + reason, expected=expected) if expected else (head + reason, "")
        super().__init__(says, hint=right, details=known)

    def at(self, file: str | None = None, line: int | None = None, field: str | None = None) -> "BadInput":
        """Return the same error with the place filled in where it was missing."""
        line = self.line if self.line is not None else line
        file, field = self.file or file, self.field or field
        return BadInput(self.reason, expected=self.expected, file=file, line=line, field=field)


_TOO_MUCH = ("TransactionTooLarge", "NotEnoughGas")
_TOKENS_NO = ("ERC20InsufficientAllowance", "SafeERC20", "Error", "Panic", "Unknown")


class Refused(DmoError):
    """A contract refused a call.

    Attributes:
        name: Name of the contract's custom error; ``Error``, ``Panic`` or ``Unknown`` otherwise.
        arguments: The error's arguments by name, in order.
        data: The revert data as it came.
        is_told: Whether the sentence is the act's own, and to be left as it is.
        is_a_tokens_no: Whether a token may say so for want of an allowance.
        is_too_much: Whether it is too much for one transaction, as the node says, or a contract that gets no more gas.
    """

    is_told = False

    def __init__(
        self,
        name: str,
        arguments: Mapping[str, object] | None = None,
        *,
        message: str = "",
        hint: str = "",
        data: bytes = b"",
    ) -> None:
        self.name = name
        self.is_too_much = name.endswith(_TOO_MUCH)
        self.is_a_tokens_no = name.startswith(_TOKENS_NO)
        self.arguments: dict[str, object] = dict(arguments or {})
        self.data = data
        shown = ", ".join(f"{key}={value}" for key, value in self.arguments.items())
        super().__init__(message or f"{name}({shown})", hint=hint, details=self.arguments)

    @property
    def code(self) -> str:
        """The name of the contract's error."""
        return self.name


class CheckFailed(DmoError):
    """The chain differs from what it should be; one sentence per difference."""

    def __init__(self, message: str, differences: Sequence[str] = (), *, hint: str = "") -> None:
        self.differences = tuple(differences)
        super().__init__(message, hint=hint, details={"differences": list(self.differences)})


class Declined(DmoError):
    """A person was asked and said no; nothing is wrong."""


class Interrupted(DmoError):
    """A person stopped it after something was sent."""

    exit_code = 130


class NotFound(DmoError):
    """A document or a record that is nowhere to be found."""


class NetworkError(DmoError):
    """The node does not answer, or answers nonsense."""

    exit_code = 3


class NodeError(NetworkError):
    """The node answered a request with an error: what it said, its number, and revert data that came along."""

    def __init__(self, method: str, reason: str, number: int = 0, data: bytes | None = None) -> None:
        self.method, self.reason, self.number, self.data = method, reason, number, data
        says, _ = _words("node_refused", method=method, reason=one_line(reason, 300))
        super().__init__(says, details={"method": method})


class WrongChain(NetworkError):
    """The node serves another chain than the deployment names."""

    def __init__(self, expected: int, found: int) -> None:
        says, right = _words("wrong_chain", expected=expected, found=found)
        super().__init__(says, hint=right, details={"expected": expected, "found": found})


class NotMined(NetworkError):
    """A transaction was sent and has not been mined within so many seconds; it may still be."""

    def __init__(self, tx: str, seconds: float) -> None:
        says, right = _words("not_mined", tx=tx, seconds=round(seconds))
        super().__init__(says, hint=right, details={"tx": tx})

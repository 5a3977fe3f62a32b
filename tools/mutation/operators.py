"""Small changes of a Solidity source that a test should notice.

Each is one replacement of a piece of text. Nothing is compiled here: what does not compile, and what
compiles to the same code, is sorted out afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

BOUNDARY = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
EQUALITY = {"==": "!=", "!=": "=="}
ARITHMETIC = {"+": "-", "-": "+", "*": "/", "/": "*", "%": "/", "<<": ">>", ">>": "<<"}
UPDATES = {"+=": "-=", "-=": "+=", "|=": "^=", "&=": "|=", "++": "--", "--": "++"}
LOGICAL = {"&&": "||", "||": "&&", "true": "false", "false": "true"}
NO_CALLS = {
    *("if", "for", "while", "function", "constructor", "modifier", "returns", "mapping", "catch", "try"),
    *("require", "override", "assembly", "event", "error", "using", "struct", "unchecked", "return"),
}
VISIBILITY = {"external", "public", "internal", "private", "view", "pure", "payable", "virtual", "override"}
# Words at whose statement nothing is changed: declarations, not behaviour.
_DECLARATIONS = re.compile(r"\b(import|pragma|using|error|event)\b[^;]*;|\b(struct|enum)\s+\w+\s*\{[^}]*\}")
_COMMENTS = re.compile(r"//[^\n]*|/\*.*?\*/|\"[^\"\n]*\"|unicode\"[^\"\n]*\"", re.S)


@dataclass(frozen=True, order=True)
class Change:
    """One replacement in a source.

    Attributes:
        start: First character that is replaced.
        end: The first that is not.
        operator: What kind of mistake it is.
        new: The text in its place.
    """

    start: int
    end: int
    operator: str
    new: str

    def apply(self, text: str) -> str:
        """The mutated source."""
        return text[: self.start] + self.new + text[self.end :]


def changes(text: str) -> list[Change]:
    """All changes of a source, in the order of their places."""
    found = {change for change in _all(Source(text)) if change.new != text[change.start : change.end]}
    return sorted(found)


class Source:
    """A source, what of it is code, and where behaviour stands.

    Attributes:
        text: The source.
        code: The same with comments and strings blanked.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.code = _COMMENTS.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
        self._spared = [found.span() for found in _DECLARATIONS.finditer(self.code)]
        headers = re.finditer(r"\b(contract|library|interface)\s+\w+[^{;]*\{", self.code)
        self._begin = min((found.end() for found in headers), default=len(text))

    def behaves(self, at: int) -> bool:
        """Whether the code at this place does something."""
        return at >= self._begin and not any(start <= at < end for start, end in self._spared)

    def closing(self, start: int) -> int:
        """The place after the bracket that closes the one at `start`."""
        depth = 0
        for at in range(start, len(self.code)):
            if self.code[at] in "([{":
                depth += 1
            elif self.code[at] in ")]}":
                depth -= 1
                if not depth:
                    return at + 1
        return len(self.code)

    def parts(self, start: int, end: int) -> list[tuple[int, int]]:
        """The pieces between commas, blanks around them left out."""
        found, depth, begin = [], 0, start
        for at in range(start, end + 1):
            letter = self.code[at] if at < end else ","
            if letter in "([{":
                depth += 1
            elif letter in ")]}":
                depth -= 1
            elif letter == "," and not depth:
                piece = self.code[begin:at]
                left, right = len(piece) - len(piece.lstrip()), len(piece) - len(piece.rstrip())
                found.append((begin + left, at - right))
                begin = at + 1
        return found

    def matches(self, pattern: str, flags: re.RegexFlag = re.NOFLAG) -> Iterator[re.Match[str]]:
        """Matches where the code behaves."""
        return (found for found in re.finditer(pattern, self.code, flags) if self.behaves(found.start()))


def _all(source: Source) -> Iterator[Change]:
    yield from _words(source)
    yield from _conditions(source)
    yield from _arguments(source)
    yield from _statements(source)
    yield from _roundings(source)
    yield from _modifiers(source)


def _words(source: Source) -> Iterator[Change]:
    """Single operators and literals."""
    for found in source.matches(r"(?<![<>=!])(<=|>=|==|!=|<|>)(?![<>=])"):
        word, at = found[0], found.start()
        if source.code[at - 1 : at + 2].strip() == "=>":
            continue
        yield Change(*found.span(), "boundary" if word in BOUNDARY else "equality", (BOUNDARY | EQUALITY)[word])
    for found in source.matches(r"(?<= )(\+|-|\*|/|%|<<|>>)(?= )"):
        yield Change(*found.span(), "arithmetic", ARITHMETIC[found[0]])
    loops = [(found.start(), source.closing(found.end() - 1)) for found in source.matches(r"\bfor\s*\(")]
    for found in source.matches(r"\+=|-=|\|=|&=|\+\+|--"):
        if not any(start <= found.start() < end for start, end in loops):  # would not end
            yield Change(*found.span(), "arithmetic", UPDATES[found[0]])
    for found in source.matches(r"&&|\|\||\btrue\b|\bfalse\b"):
        yield Change(*found.span(), "logical", LOGICAL[found[0]])
    for found in source.matches(r"!(?=[\w(])"):
        yield Change(*found.span(), "logical", "")
    for found in source.matches(r"(?<![\w.])\d[\d_]*(?![\w.])"):
        number = int(found[0].replace("_", ""))
        yield Change(*found.span(), "constant", str(number + 1))
        if number:
            yield Change(*found.span(), "constant", str(number - 1))


def _conditions(source: Source) -> Iterator[Change]:
    """What is asked, the other way round."""
    for found in source.matches(r"\b(if|while|require)\s*\("):
        start, end = source.parts(found.end(), source.closing(found.end() - 1) - 1)[0]
        yield Change(start, end, "negated", f"!({source.text[start:end]})")
    for found in source.matches(r"\? ([^?:;{}]+) : ([^?:;{},]+)(?=[;,)])"):
        one, two = found[1], found[2]
        if all(side.count("(") == side.count(")") for side in (one, two)):
            yield Change(*found.span(), "branches", f"? {two} : {one}")


def _arguments(source: Source) -> Iterator[Change]:
    """Neighbours exchanged."""
    for found in source.matches(r"\b(\w+)\s*\("):
        if found[1] in NO_CALLS or re.search(r"\b(function|modifier)\s+$", source.code[: found.start()]):
            continue
        parts = source.parts(found.end(), source.closing(found.end() - 1) - 1)
        for one, two in pairwise(parts):
            first, second = source.text[slice(*one)], source.text[slice(*two)]
            if first and second and "{" not in first + second:
                between = source.text[one[1] : two[0]]
                yield Change(one[0], two[1], "arguments", second + between + first)


def _statements(source: Source) -> Iterator[Change]:
    """Statements left out."""
    for found in source.matches(r"(?<=[;{}])\s*([^;{}]+;)", re.S):
        start, end = found.span(1)
        statement = found[1]
        if not source.behaves(start) or re.match(r"(uint|int|bool|bytes|address|string|mapping|I[A-Z]|\))", statement):
            continue
        if re.match(r"require\b", statement):
            yield Change(start, end, "no check", "{}")
        elif re.match(r"emit\b", statement):
            yield Change(start, end, "no event", "{}")
        elif re.match(r"(continue|break|return)\b", statement):
            if source.text[start:end] in ("continue;", "break;", "return;"):
                yield Change(start, end, "no jump", "{}")
        elif re.match(r"[\w.\[\]()]+(\.\w+)* [+\-|&]?= ", statement) or re.match(r"(delete |\+\+|--)", statement):
            yield Change(start, end, "no effect", "{}")
        elif re.match(r"[\w.]+(\([^;]*\))+;$", statement, re.S):
            yield Change(start, end, "no call", "{}")


def _roundings(source: Source) -> Iterator[Change]:
    """Up instead of down, the smaller instead of the larger."""
    for found in source.matches(r"Rounding\.(Ceil|Floor)\b"):
        yield Change(*found.span(1), "rounding", "Floor" if found[1] == "Ceil" else "Ceil")
    for found in source.matches(r"\bMath\.(mulDiv|ceilDiv)\("):
        end = source.closing(found.end() - 1)
        parts = [source.text[slice(*part)] for part in source.parts(found.end(), end - 1)]
        if found[1] == "ceilDiv" and len(parts) == 2:
            yield Change(found.start(), end, "rounding", "(({}) / ({}))".format(*parts))
        elif found[1] == "mulDiv" and len(parts) == 3:
            yield Change(end - 1, end - 1, "rounding", ", Math.Rounding.Ceil")
    for found in source.matches(r"\bMath\.(min|max)\b"):
        yield Change(*found.span(1), "smaller", "max" if found[1] == "min" else "min")


def _modifiers(source: Source) -> Iterator[Change]:
    """Functions without one of their guards."""
    for found in source.matches(r"\bfunction\s+\w+\s*\("):
        start = source.closing(found.end() - 1)
        header = re.match(r"[^{;]*", source.code[start:])
        own = re.split(r"\breturns\b", header[0])[0] if header else ""
        own = re.sub(r"\([^)]*\)", lambda inside: " " * len(inside[0]), own)
        for word in re.finditer(r"\b[a-z]\w*\b", own):
            if word[0] not in VISIBILITY:
                yield Change(start + word.start(), start + word.end(), "no guard", "")

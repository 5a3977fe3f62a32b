"""What the fields of documents may hold."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from dmo.core import words
from dmo.core.abi.codec import checksum
from dmo.core.digests import parse_digest
from dmo.core.errors import BadInput

IDEA, SHA256 = r"^[1-9]\d*/[1-9]\d*$", r"^[0-9a-f]{64}$"


def _language(tag: str) -> str:
    import langcodes

    if not langcodes.tag_is_valid(tag):
        raise ValueError(words.bad("no_language", given=tag[:40]).reason)
    return tag


def _account(text: str) -> str:
    mixed = _checked(checksum)(text)
    if int(mixed, 16) == 0:
        raise ValueError(words.bad("zero_address").reason)
    return mixed


def _checked(read: Callable[[str], Any]) -> Callable[[str], str]:
    """Refuses as pydantic wants it what ``read`` refuses; an account is written with its capitals."""

    def check(text: str) -> str:
        try:
            found = read(text)
        except BadInput as error:
            raise ValueError(error.reason) from None
        return found if isinstance(found, str) else text

    return check


AS_LIST = BeforeValidator(lambda value: [value] if isinstance(value, str) else value)
Text = Annotated[str, Field(min_length=1, pattern=r"\S")]
Account = Annotated[str, AfterValidator(_account)]
Reference = Annotated[str, AfterValidator(_checked(parse_digest))]
Number = Annotated[int | float, Field(allow_inf_nan=False)]
Language = Annotated[Text, AfterValidator(_language)]
Texts = Annotated[list[Text], AS_LIST, Field(min_length=1)]
Numbers = Annotated[list[Text], BeforeValidator(lambda value: [value] if isinstance(value, str | int) else value)]
Figure = Annotated[str, Field(pattern=r"^(0|[1-9]\d{0,29})(\.\d{1,36})?$")]
Audience = Literal["developer", "designer", "investor", "creator", "user", "partner"]

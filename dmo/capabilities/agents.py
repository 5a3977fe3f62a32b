"""Agents: a server by which people's own agents read, explain and prepare; they sign and send nothing."""

import sys
from collections.abc import Mapping
from typing import Any

from dmo.core import words
from dmo.core.act import option
from dmo.core.kinds import FLAG, TEXT, number
from dmo.core.view import Query
from dmo.home.home import Home

_PORT = 8701


class Mcp(Query, name="mcp", of_machine=True, gives={"place": TEXT}):
    http: bool = option(FLAG, False)
    port: int = option(number("PORT", most=65_535), _PORT)
    any_port: bool = option(FLAG, False)
    language: str = option(TEXT.called("LANGUAGE"), words.ENGLISH)

    def answer(self, home: Home) -> Mapping[str, Any]:
        try:
            from dmo.faces.agents.server import serve
        except ModuleNotFoundError as error:
            raise words.network("agents_missing", module=error.name) from error
        if self.language not in words.languages():
            known = ", ".join(words.languages())
            raise words.bad("none_of_them", field="language", given=self.language[:40], known=known)
        place = ""

        def say(text: str) -> None:
            nonlocal place
            place = text
            print(text, file=sys.stderr, flush=True)

        serve(home, self.language, (0 if self.any_port else self.port) if self.http else None, say)
        return {"place": place}

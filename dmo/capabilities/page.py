"""The page: a deployment in a browser, served from here, or what is finished of it as files."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dmo.core import words
from dmo.core.act import arg, option
from dmo.core.kinds import DURATION, FLAG, NUMBER, TEXT, listed, number, shape
from dmo.core.view import Query
from dmo.home.home import Home

_PORT = 8700


class Web(Query, name="web", of_machine=True, gives={"place": TEXT}):
    port: int = option(number("PORT", most=65_535), _PORT)
    any_port: bool = option(FLAG, False)
    host: str = option(TEXT.called("HOST"), "127.0.0.1")
    public: bool = option(FLAG, False)
    names: list[str] = option(listed(TEXT.called("HOST")), flag="called", default_factory=list)
    relay: str | None = option(TEXT.called("ACCOUNT"))
    every: int = option(DURATION, 2)

    def answer(self, home: Home) -> Mapping[str, Any]:
        try:
            from dmo.faces.web.serve import Wishes, serve
        except ModuleNotFoundError as error:
            raise words.network("web_missing", module=error.name) from error
        port = 0 if self.any_port else self.port
        wishes = Wishes(self.host, port, self.public, self.names, self.relay, float(self.every))
        place = ""

        def say(text: str) -> None:
            nonlocal place
            place = text
            print(text, file=sys.stderr, flush=True)

        serve(home, wishes, say)
        return {"place": place}


WRITTEN = shape((TEXT, "folder cid"), (NUMBER, "files size block"))


class WebBuild(Query, name="web build", of_machine=True, gives=WRITTEN):
    folder: str = arg(TEXT.called("FOLDER"))
    language: str = option(TEXT.called("LANGUAGE"), words.ENGLISH)

    def answer(self, home: Home) -> Mapping[str, Any]:
        try:
            from dmo.faces.web.build import build
        except ModuleNotFoundError as error:
            raise words.network("web_missing", module=error.name) from error
        if self.language not in words.languages():
            known = ", ".join(words.languages())
            raise words.bad("none_of_them", field="language", given=self.language[:40], known=known)

        def say(done: int, total: int) -> None:
            print(words.word("web_build", "done").format(done=done, total=total), file=sys.stderr, flush=True)

        built = build(home, Path(self.folder).expanduser(), self.language, say)
        return {"folder": self.folder, **built._asdict()}

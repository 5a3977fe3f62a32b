"""Address books: where a deployment's contracts are, taken over from whoever tells, and compared with the contracts."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from dmo.core import words
from dmo.core.act import arg, option
from dmo.core.errors import BadInput
from dmo.core.kinds import TEXT, listed
from dmo.core.view import Query
from dmo.home import context
from dmo.home.home import ADDRESS, Home

GIVES = {
    **dict.fromkeys(("name", "network", "file", "strange"), TEXT),
    "contracts": [dict.fromkeys(("name", "address", "by", "code"), TEXT)],
}
_CODE = {True: "same", False: "other", None: "unknown"}


def _compared(home: Home, name: str, file: Path | None) -> dict[str, Any]:
    from dmo.deploy.found import parts

    found = parts(home.chain, home.dmo.addresses)
    rows = [{"name": one.name, "address": one.address, "by": one.by, "code": _CODE[one.is_known]} for one in found]
    strange = ", ".join(one.name for one in found if one.is_known is False)
    told = {"name": name, "network": home.network.name, "file": str(file) if file else None}
    return {**told, "strange": strange or None, "contracts": rows}


class AddBook(Query, name="book add", of_machine=True, gives=GIVES):
    where: str = arg(TEXT.called("FILE|URL|BOARD"))
    called: str | None = option(TEXT.called("NAME"), flag="name")

    def answer(self, home: Home) -> Mapping[str, Any]:
        from dmo.home.books import handed
        from dmo.home.deployment import load_book, save_book

        there = Home(replace(home.options, deployment=self.where))
        is_board = ADDRESS.fullmatch(self.where)
        if not is_board and "://" not in self.where:
            try:
                context.book_path(self.where)
            except BadInput:
                raise words.bad("no_book_here", given=self.where[:80]) from None
        name = self.called or (f"dmo-{self.where[2:8].lower()}" if is_board else there.book.stem)
        if not name.replace("-", "").replace("_", "").isalnum():
            raise words.bad("no_file_name", field="--name", given=name[:40])
        file, book = context.books_folder() / f"{name}.json", handed(load_book(there.book))
        if file.is_file() and handed(load_book(file)) != book:
            raise words.bad("book_taken", field="--name", name=name)
        found = _compared(there, name, file)
        if not file.is_file():
            save_book(file, book)
        return found


class WriteDescriptors(Query, name="book descriptors", of_machine=True, gives={"folder": TEXT, "files": listed(TEXT)}):
    out: str = option(TEXT.called("FOLDER"), "descriptors")

    def answer(self, home: Home) -> Mapping[str, Any]:
        from dmo.capabilities.ballots import domain
        from dmo.core.files import canonical_json, write_again
        from dmo.faces.clear import Deployed, descriptors
        from dmo.faces.web.book import addresses

        at = domain(home)
        place = Deployed(home.dmo.name, home.dmo.chain_id, addresses(home), (at.name, at.version))
        found = {name: canonical_json(one) for name, one in descriptors(place).items()}
        for name, text in found.items():
            write_again(str(Path(self.out) / name), text)
        return {"folder": self.out, "files": [*found]}


class ShowBook(Query, name="book show", gives=GIVES):
    out: str | None = option(TEXT.called("FILE"))

    def answer(self, home: Home) -> Mapping[str, Any]:
        from dmo.core.files import compact_json, write_again
        from dmo.home.books import handed
        from dmo.home.deployment import load_book

        found = _compared(home, home.dmo.name, Path(self.out) if self.out else None)
        if self.out:
            write_again(self.out, compact_json(handed(load_book(home.book))))
        return found

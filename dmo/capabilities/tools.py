"""Tools beside the acts: a deployment's page, another DAO's history, what explorers ask for."""

from collections.abc import Mapping
from dataclasses import MISSING, replace
from pathlib import Path
from typing import Any

from dmo.capabilities.achieved import ACHIEVED, achieved
from dmo.core import words
from dmo.core.act import option
from dmo.core.kinds import FLAG, NUMBER, SHARE, TEXT, shape
from dmo.core.view import Query
from dmo.home.home import Home

FILE = TEXT.called("FILE")
COUNT = replace(NUMBER, show=lambda reader, value: "" if value is None else f"{value:,}")
SAVED = replace(SHARE, show=lambda reader, value: f"{value / 100:.2f} %", schema={"type": "integer"})


class ShowReport(Query, name="report", of_machine=True, gives={"file": TEXT, "campaigns": [ACHIEVED]}):
    out: str = option(FILE, "report.html")

    def answer(self, home: Home) -> Mapping[str, Any]:
        from dmo.capabilities.ledger import read_report
        from dmo.core.files import write_again
        from dmo.faces.html import render_page

        history = read_report(home)
        write_again(self.out, render_page(history, home.names.people))
        return {"file": self.out, "campaigns": [*achieved(history)]}


WRITTEN = shape((TEXT, "folder count first"), contracts=[shape((TEXT, "name address contract"))])


class Verify(Query, name="verify", of_machine=True, needs_chain=False, gives=WRITTEN):
    out: str | None = option(TEXT.called("FOLDER"))

    def answer(self, home: Home) -> Mapping[str, Any]:
        from dmo.deploy.verify import verifications, write_verifications
        from dmo.home.deployment import load_book

        book = load_book(home.book)
        folder = Path(self.out) if self.out else Path("build") / "verify" / home.book.stem
        files = write_verifications(book, home.book.parent, folder, home.book.stem)
        found = verifications(book, home.book.parent)
        rows = [{"name": one.name, "address": one.address, "contract": one.identifier} for one in found]
        return {"folder": str(folder), "count": str(len(found)), "first": str(files[0]), "contracts": rows}


_SUMS = ("passed", "funded")


class ReplayVotes(
    Query,
    name="replay",
    of_machine=True,
    needs_chain=False,
    gives={
        **{
            "file": TEXT,
            "left_out": COUNT,
            "threshold": TEXT,
            "count": NUMBER,
            "rounds": NUMBER,
            "gas_saved_bps": SAVED,
        },
        **shape((COUNT, "ballots choices gas_ballots gas_per_choice gas_settlements votes gas_votes gas_per_vote")),
        "by_round": [{"round": TEXT, "ideas": NUMBER, **dict.fromkeys(_SUMS, NUMBER)}],
    },
):
    holders: str = option(FILE, MISSING)
    votes: str = option(TEXT.called("FILE|FOLDER"), MISSING)
    out: str | None = option(FILE)
    page: str | None = option(FILE)
    title: str | None = option(TEXT)
    one_member_one_vote: bool = option(FLAG, False)
    round_days: str = option(TEXT.called("DAYS"), "14")
    ask: str = option(TEXT.called("AMOUNT"), "1000")
    budget: str = option(TEXT.called("AMOUNT"), "5000")
    threshold_bps: str = option(TEXT.called("BPS"), "400")

    def answer(self, home: Home) -> Mapping[str, Any]:
        from dmo.core.files import write_again
        from dmo.faces.past import render_past
        from dmo.replay import check_out, read, run, save
        from dmo.replay.bar import bar
        from dmo.replay.rules import parse_options

        rules = (self.round_days, self.ask, self.budget, self.threshold_bps)
        options = parse_options(self.holders, self.votes, *rules, is_equal=self.one_member_one_vote)
        files = [Path(file) for file in (self.out, self.page) if file]
        for file in files:
            check_out(file, options)
        past = read(options)
        with bar() as progress:
            found = run(options, progress, past)
        if self.out:
            save(found, Path(self.out))
        if self.page:
            write_again(self.page, render_past(found, past, self.title or words.word("past", "title")))
        rounds = sorted({one.round for one in found.proposals})
        groups = {str(n): [one for one in found.proposals if one.round == n] for n in rounds} | {"all": found.proposals}
        rows = [
            {"round": name, "ideas": len(its), **{key: sum(getattr(one, key) for one in its) for key in _SUMS}}
            for name, its in groups.items()
        ]
        told = {
            "file": ", ".join(map(str, files)) or None,
            "left_out": found.inputs.votes.left_out,
            "count": len(found.proposals),
            "by_round": rows,
        }
        return {**vars(found), **vars(found.openzeppelin), **told}

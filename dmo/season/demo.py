"""The whole demo on a fresh local chain: deploy, play, read back, check, draw."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from dmo.capabilities.history import History
from dmo.capabilities.kits import MakeKit
from dmo.capabilities.ledger import read_report
from dmo.core import words
from dmo.core.chain import Chain
from dmo.core.files import write_json, write_text
from dmo.deploy.artifacts import creation_input, load_artifacts
from dmo.deploy.run import DeployRun
from dmo.deploy.sender import UnlockedSender
from dmo.faces.html import render_page
from dmo.home.deployment import Dmo
from dmo.home.home import Home
from dmo.season.outputs import Demo
from dmo.season.player import Season, SeasonError, Teller, begin, key_of, load
from dmo.season.summary import check_summary, summarize

__all__ = ["Performance", "perform", "prepare"]


@dataclass(frozen=True)
class Performance:
    """What a performance left behind."""

    season: Season
    history: History
    summary: Demo


def perform(chain: Chain, root: Path, out: Path, teller: Teller) -> Performance:
    """Deploy config/demo.toml, play examples/season.toml, write summary.json, report.html and the kit.

    Args:
        chain: A fresh local chain.
        root: The project's folder, compiled.
        out: Where to write.
        teller: Who tells it.

    Raises:
        CheckFailed: An equation of the summary does not hold; the files are written all the same.
    """
    # Of its own, so that two may play at once.
    with TemporaryDirectory() as folder:
        season = prepare(chain, root, Path(folder), teller)
        season.play()
        home = season.home("maren")
        history = read_report(home)
        summary = summarize(home, history)
        write_json(out / "summary.json", summary)
        page = render_page(history, season.names(), title=season.written["title"])
        write_text(out / "report.html", page)
        make_kit(home, root, out)
    check_summary(summary)
    return Performance(season, history, summary)


def prepare(chain: Chain, root: Path, folder: Path, teller: Teller) -> Season:
    """Deploy config/demo.toml on a fresh local chain; the season on it, of which nothing was played.

    Args:
        chain: A fresh local chain.
        root: The project's folder, compiled.
        folder: A folder of the season's own.
        teller: Who tells it.
    """
    written = load(root / "examples" / "season.toml")
    cast = written["cast"]
    begin(chain, written["begin"])
    founder, issuer = (UnlockedSender(chain, key_of(cast[k]).address) for k in ("maren", "issuer"))
    coin = load_artifacts(root / "build", ["Stablecoin"])["Stablecoin"]
    money = {"name": "USD Coast", "symbol": "USDX", "decimals": 6}
    chain.wait(issuer.send(None, creation_input(coin, money), 0))
    dmo = _deploy(chain, root, folder, founder, teller, cast["maren"])
    return Season(dmo, written, root / "examples" / "documents", folder, teller)


def make_kit(home: Home, root: Path, out: Path) -> None:
    """The kit of what the registry holds, in place of an earlier one: ``kit`` and ``kit.zip``."""
    shutil.rmtree(out / "kit", ignore_errors=True)
    (out / "kit.zip").unlink(missing_ok=True)
    MakeKit(str(out / "kit"), files=str(root / "examples" / "documents" / "files")).answer(home)


def _deploy(chain, root, folder, founder, teller, maren) -> Dmo:  # type: ignore[no-untyped-def]
    """Deploy, and tell it."""

    def said(key: str) -> str:
        return words.word("season", key)

    file = root / "config" / "demo.toml"
    run = DeployRun.prepare(chain, file, founder.address, root, folder)
    teller.chapter(said("deploy_title"), said("deploy_words"))
    book = run.send(founder, is_rehearsed=True)
    gas = sum(entry.gas_used or 0 for entry in run.journal.steps.values())
    told = said("deployed").format(steps=len(run.plan.steps), gas=f"{gas:,}")
    teller.line(chain.now(), maren, told, said("deployed_why"))
    dmo = Dmo.from_book(run.name, book, chain)
    if dmo.budget_token.symbol != "USDX":
        raise words.stopped(SeasonError, "season_other_token")
    return dmo

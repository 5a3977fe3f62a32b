"""The whole demo on a fresh local chain: deploy, play, read back, check, draw."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from dmo.core.chain import Chain
from dmo.core.files import write_json, write_text
from dmo.deploy.artifacts import creation_input, load_artifacts
from dmo.deploy.run import DeployRun
from dmo.deploy.sender import UnlockedSender
from dmo.home.deployment import Dmo
from dmo.home.outputs import Demo
from dmo.report import History, read_history, render_page
from dmo.story.cast import CAST, key_of
from dmo.story.clock import Clock, StoryError, Teller
from dmo.story.stage import Stage
from dmo.story.summary import check_summary, summarize
from dmo.story.tidepool import BEGIN, play

__all__ = ["Performance", "perform"]


@dataclass(frozen=True)
class Performance:
    """What a performance left behind."""

    stage: Stage
    history: History
    summary: Demo


def perform(chain: Chain, root: Path, out: Path, teller: Teller) -> Performance:
    """Deploy config/demo.toml, play the story, write summary.json and report.html.

    Args:
        chain: A fresh local chain.
        root: The project's folder, compiled.
        out: Where to write.
        teller: Who tells it.

    Raises:
        CheckFailed: An equation of the summary does not hold; the files are written all the same.
    """
    Clock(chain).begin(BEGIN)
    founder, issuer = (UnlockedSender(chain, key_of(CAST[k]).address) for k in ("maren", "issuer"))
    coin = load_artifacts(root / "build", ["Stablecoin"])["Stablecoin"]
    money = {"name": "USD Coast", "symbol": "USDX", "decimals": 6}
    chain.wait(issuer.send(None, creation_input(coin, money), 0))

    file = root / "config" / "demo.toml"
    # Of its own, so that two may play at once.
    with TemporaryDirectory() as folder:
        run = DeployRun.prepare(chain, file, founder.address, root, Path(folder))
        teller.chapter(
            "A founder deploys",
            "Twelve holders in twelve places own Tidepool, an open map of coastal water quality. "
            "Maren Holt, who began it, hands it over.",
        )
        book = run.send(founder)
    gas = sum(entry.gas_used or 0 for entry in run.journal.steps.values())
    teller.line(
        chain.now(),
        CAST["maren"],
        f"deploys config/demo.toml in {len(run.plan.steps)} steps, {gas:,} gas: votes token, "
        "governor, treasury, board, escrow, reputation",
        "with the last step the deployer gives up every role",
    )
    dmo = Dmo.from_book(run.name, book, chain)
    if dmo.budget_token.symbol != "USDX":
        raise StoryError("config/demo.toml names another budget token")

    stage = play(dmo, root / "examples" / "documents", teller)
    history = read_history(dmo)
    summary = summarize(dmo, history)
    write_json(out / "summary.json", summary)
    write_text(out / "report.html", render_page(history, stage.names(), title="Tidepool"))
    check_summary(summary)
    return Performance(stage, history, summary)

"""The demo: `make demo`, or `./brownie run demo`. A season of Tidepool on a fresh local chain.

Deploys config/demo.toml with the code of `./brownie run deploy`, plays the story, and writes
build/demo/summary.json and build/demo/report.html.
"""

from __future__ import annotations

import contextlib
import io
import shutil

from brownie import Stablecoin, accounts
from rich.console import Console

from dmo.deploy.run import DeployRun
from dmo.deploy.sender import UnlockedSender
from dmo.deployment import Dmo
from dmo.outputs import write_json, write_text
from dmo.report import read_history, render_page
from dmo.story.cast import CAST, MNEMONIC
from dmo.story.stage import Clock
from dmo.story.summary import check_summary, summarize
from dmo.story.telling import Narrator, closing_tables, next_steps
from dmo.story.tidepool import BEGIN, play
from scripts._common import BUILD, CONFIG, ROOT, reported, this_chain

OUT = BUILD / "demo"


def main() -> None:
    """Play the demo."""
    with reported():
        chain = this_chain()
        Clock(chain).begin(BEGIN)
        console = Console(highlight=False)
        if not console.is_terminal:
            console.width = 120

        issuer = accounts.from_mnemonic(MNEMONIC, offset=CAST["issuer"].index)
        chain.transport.request("anvil_setBalance", [issuer.address, hex(10**18)])
        with contextlib.redirect_stdout(io.StringIO()):
            Stablecoin.deploy("USD Coast", "USDX", 6, {"from": issuer})
        shutil.rmtree(OUT, ignore_errors=True)
        run = DeployRun.prepare(
            chain, CONFIG / "demo.toml", accounts[0].address, ROOT, OUT / "deployment"
        )
        book = run.send(UnlockedSender(chain, accounts[0].address))
        console.print(f"Deployed {len(book.contracts)} contracts in {len(run.plan.steps)} steps.")

        dmo = Dmo.from_book("demo", book, chain)
        stage = play(dmo, ROOT / "examples" / "documents", Narrator(console))

        history = read_history(dmo)
        summary = summarize(dmo, history)
        write_json(OUT / "summary.json", summary)
        write_text(OUT / "report.html", render_page(history, stage.names(), title="Tidepool"))
        for table in closing_tables(history, stage.names(), stage.gas):
            console.print()
            console.print(table)
        console.print()
        check_summary(summary)
        console.print(next_steps(summary, "build/demo/report.html"))

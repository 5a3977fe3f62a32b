"""Tells a season in a terminal: a line per act."""

from datetime import UTC, datetime

from rich.console import Console
from rich.markup import escape
from rich.rule import Rule
from rich.table import Table

from dmo.season.player import Person

__all__ = ["Narrator"]


class Narrator:
    """Writes to a console; colour and width are the console's business, NO_COLOR included."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.lines = 0
        self._met: set[str] = set()

    def chapter(self, title: str, words: str) -> None:
        """A new chapter begins."""
        self.console.print()
        self.console.print(Rule(f"[bold]{escape(title)}[/bold]", align="left", style="cyan"))
        self.console.print(f"[dim]{escape(words)}[/dim]\n")

    def line(self, at: int, who: Person | None, words: str, why: str = "") -> None:
        """Somebody did something, for a reason."""
        self.lines += 1
        day = datetime.fromtimestamp(at, UTC).strftime("%d %b %H:%M")
        name = ""
        if who is not None:
            known = who.key in self._met
            self._met.add(who.key)
            about = "" if known else f" [dim]({escape(who.role)}, {escape(who.place)})[/dim]"
            name = f"[bold]{escape(who.name)}[/bold]{about} "
        reason = f" [dim]— {escape(why)}[/dim]" if why else ""
        line = Table.grid(padding=(0, 2))
        line.add_column(no_wrap=True)
        # Not rich's default, which cuts a line that fits where letters are two columns wide.
        line.add_column(overflow="fold")
        line.add_row(f"[cyan]{day}[/cyan]", f"{name}{escape(words)}{reason}")
        self.console.print(line)

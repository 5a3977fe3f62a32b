"""The keeper: does what anybody could do, for an account that pays the gas. Other commands do not load it."""

import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, ClassVar

from dmo.core import units
from dmo.core.act import option
from dmo.core.kinds import ACCOUNT, COIN, DURATION, FLAG, NUMBER, TEXT, Kind, shape
from dmo.core.view import Query
from dmo.home.following import until_told
from dmo.home.home import Home

GWEI = Kind(
    "GWEI",
    lambda home, text: units.parse_amount(text.strip().lower().removesuffix("gwei").strip(), 9),
    lambda home, value: "" if value is None else units.format_amount(value, 9, "gwei"),
    lambda value: None if value is None else str(value),
    COIN.schema,
)
PLANNED = {**shape((TEXT, "act keys why refused right"), (NUMBER, "count gas")), "cost": COIN}
SENT = shape((TEXT, "act keys why hash"), (NUMBER, "nonce block"))
KEPT = {**shape((NUMBER, "block due left_out")), "waits": TEXT, "sent": [SENT]}
_MAX_FEE = 100 * 10**9


class _Keeping(Query):
    """What once and run have in common."""

    of_machine: ClassVar[bool] = True
    send: bool = option(FLAG, False)
    every: int = option(DURATION, 4)
    max_fee: int = option(GWEI, _MAX_FEE)
    cap: int | None = option(COIN)
    private: str | None = option(TEXT.called("URL"))
    metrics: str | None = option(TEXT.called("HOST:PORT"))

    def kept(self, home: Home, *, is_once: bool) -> Mapping[str, Any]:
        from dmo.home.keeping.keeper import Settings
        from dmo.home.keeping.service import Service

        settings = Settings(self.max_fee, self.cap, self.send, is_once)
        with until_told() as over:
            service = Service(home, settings, self.every, over.wait, _write, self.private)
            is_met = service.start(self.metrics, is_once=is_once)
            turn = service.run(is_once=is_once) if is_met else None
        told = {"block": turn.head.number, "due": turn.due, "left_out": turn.left} if turn else {}
        rows = [{**one, "keys": " ".join(one["keys"])} for one in service.sent]
        return {**told, "waits": turn.waits if turn else "", "sent": rows}


def _write(line: str) -> None:
    with suppress(OSError):  # whoever read it has gone
        print(line, file=sys.stderr, flush=True)


class KeeperPlan(
    Query, name="keeper plan", of_machine=True, gives={"account": ACCOUNT, "block": NUMBER, "tasks": [PLANNED]}
):
    max_fee: int = option(GWEI, _MAX_FEE)

    def answer(self, home: Home) -> Mapping[str, Any]:
        from dmo.home.keeping.keeper import Keeper, Settings
        from dmo.home.keeping.planning import planned

        keeper = Keeper(home, Settings(self.max_fee), lambda *_, **__: None)
        head, rows = planned(keeper)
        return {"account": home.maybe_me, "block": head.number, "tasks": rows}


class KeeperOnce(_Keeping, name="keeper once", gives=KEPT):
    def answer(self, home: Home) -> Mapping[str, Any]:
        return self.kept(home, is_once=True)

    def code(self, answer: Mapping[str, Any]) -> int:
        return int(bool(answer["waits"]) and self.send)


class KeeperRun(_Keeping, name="keeper run", gives=KEPT):
    def answer(self, home: Home) -> Mapping[str, Any]:
        return self.kept(home, is_once=False)

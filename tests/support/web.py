"""The page on a told chain: a client that asks it as a browser does."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from dmo.faces.web.app import make_app
from dmo.faces.web.relay import Relay
from dmo.faces.web.site import Site
from tests.support.indexes import home_on
from tests.support.village import Village


class Served:
    """The page, on a chain that is told."""

    def __init__(
        self, village: Village, folder: Path, patch: pytest.MonkeyPatch, *, relay: Relay | None = None, **more: Any
    ) -> None:
        for name in ("DMO_ACCOUNT", "DMO_KEYSTORE_DIR", "DMO_STORE", "DMO_GATEWAYS", "DMO_DEPLOYMENT"):
            patch.delenv(name, raising=False)
        self.village, self.seconds = village, 0.0
        self.home = home_on(village, patch, None, folder)
        self.home.__dict__["book"] = folder / "told.json"
        self.site = Site(self.home, clock=lambda: self.seconds, calendar=lambda: 0.0, **more)
        self.site.look()
        self.client = TestClient(make_app(self.site, relay=relay), base_url="http://localhost")

    def text(self, path: str, status: int = 200, **more: Any) -> str:
        answer = self.client.get(path, **more)
        assert answer.status_code == status, answer.text[:2000]
        return str(answer.text)

    def preview(self, act: str, fields: dict[str, Any] | Sequence[tuple[str, str]], query: str = "") -> Any:
        """What a form's answer says, as the module asks."""
        where = f"/act/{act.replace(' ', '/')}{query}"
        answer = self.client.post(where, data=fields, headers={"Accept": "application/json"})
        assert answer.status_code == 200
        return answer.json()

"""A round's ballot as one HTML file: read, tick, sign; without any server, and asking nobody.

The guard in it is the very file of the page, inline: what the policy allows is its SHA-256.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from importlib import resources
from typing import Any

from markupsafe import Markup

from dmo.core import words
from dmo.faces.html import template
from dmo.faces.web.book import written
from dmo.home.ballots import Domain

SCRIPTS = ("guard.js", "qr.js", "ballot.js")
_STYLE = """
:root { color-scheme: light dark; --line: light-dark(#bbb, #555); --paper: light-dark(#fff, #161616); }
body { font: 17px/1.5 system-ui, sans-serif; max-width: 44rem; margin: 0 auto; padding: 16px; }
body { background: var(--paper); }
h1 { font-size: 26px; line-height: 1.25; } h2 { font-size: 20px; }
fieldset { border: 1px solid var(--line); border-radius: 8px; margin: 16px 0; padding: 8px 16px 16px; }
legend, code, pre, small, footer { overflow-wrap: anywhere; } legend { font-weight: 600; }
.choices { display: flex; flex-wrap: wrap; gap: 8px; }
label { min-height: 44px; display: inline-flex; align-items: center; gap: 8px; padding-right: 16px; }
button, input:not([type=radio]) { font: inherit; min-height: 44px; padding: 8px 16px; max-width: 100%; }
input[type=radio] { width: 22px; height: 22px; } #wallets { display: flex; flex-wrap: wrap; gap: 12px; }
:focus-visible { outline: 3px solid; outline-offset: 2px; } pre { white-space: pre-wrap; font-size: 14px; }
svg { width: min(100%, 26rem); background: #fff; fill: #000; display: block; }
footer { margin-top: 40px; font-size: 14px; }
"""


def source(name: str) -> str:
    """A script of the page."""
    return resources.files("dmo.faces.web").joinpath("static", name).read_text("utf-8")


def allowed(text: str) -> str:
    """What a policy calls an inline text by."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def render_ballot(name: str, at: Domain, number: int, now: int, closes: str, ideas: Sequence[Mapping[str, Any]]) -> str:
    """The page of a round's ballot; each idea with ``number``, ``title`` and ``ask`` as they are read."""
    said, scripts = words.load()["face"], [source(one) for one in SCRIPTS]
    policy = [
        "default-src 'none'",
        f"script-src {' '.join(map(allowed, scripts))}",
        f"style-src {allowed(_STYLE)}",
        "base-uri 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    ]
    book = {
        **{"name": name, "chainId": hex(at.chain_id), "round": number, "block": {"time": now}},
        **{"contracts": {"IdeaBoard": at.board}, "domain": {"name": at.name, "version": at.version}},
        "words": {**said["module"], **said["ballot"]},
    }
    return template("ballot").render(
        **{"lang": words.spoken(), "policy": "; ".join(policy), "said": said["ballot"], "form": said["form"]},
        **{"name": name, "round": number, "closes": closes, "ideas": ideas, "chain_id": at.chain_id, "board": at.board},
        guard_sum=hashlib.sha256(scripts[0].encode()).hexdigest(),
        style=Markup(_STYLE),  # noqa: S704 - ours, as the scripts are
        scripts=[Markup(one) for one in scripts],  # noqa: S704
        book=Markup(written(book)),  # noqa: S704 - nothing in it ends a script
    )

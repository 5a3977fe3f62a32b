"""The page's own files: its templates, and what pages ask for."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from functools import cache
from importlib import resources
from typing import Any

import jinja2

from dmo.core.text import one_line
from dmo.faces.web import draw, pages


class _Folder(jinja2.BaseLoader):
    def get_source(self, environment: jinja2.Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        source = resources.files(__package__).joinpath("templates", template).read_text("utf-8")
        return source, template, lambda: True


@cache
def environment() -> jinja2.Environment:
    """The templates; whatever is told to them is escaped."""
    options: Any = {"trim_blocks": True, "lstrip_blocks": True, "undefined": jinja2.StrictUndefined}
    found = jinja2.Environment(loader=_Folder(), autoescape=True, auto_reload=False, **options)
    found.globals.update(
        label=pages.label, act_path=pages.act_path, part_id=pages.part_id, who_may=pages.who_may, **draw.TOLD
    )
    found.filters["line"] = one_line
    return found


@cache
def static(name: str) -> tuple[bytes, str, bytes]:
    """A file that pages ask for, its SHA-256, and it packed. Raises FileNotFoundError."""
    content = resources.files(__package__).joinpath("static", name).read_bytes()
    return content, hashlib.sha256(content).hexdigest(), gzip.compress(content, mtime=0)

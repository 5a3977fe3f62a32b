"""DMO: holders vote a budget, ideas become campaigns, work is paid and earns reputation.

The package turns intentions into calls and reads state; it knows nothing of Brownie.
Importing it does nothing and is cheap.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmo.core.errors import BadInput, CheckFailed, DmoError, NetworkError, NotFound, Refused

if TYPE_CHECKING:
    from pathlib import Path

    from dmo.home.deployment import Dmo

__version__ = "0.1.0"

__all__ = ["BadInput", "CheckFailed", "DmoError", "NetworkError", "NotFound", "Refused", "__version__", "open"]


def open(path: Path | str, url: str | None = None) -> Dmo:  # noqa: A001 - as a file is opened
    """A deployment's handle, by its address book; see ``Dmo.open``."""
    from dmo.home.deployment import Dmo

    return Dmo.open(path, url)

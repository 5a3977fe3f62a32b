"""Whether this package stands in a clone of its project, where contracts and a chain are at hand."""

from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=1)
def clone() -> Path | None:
    """The clone's folder; nothing where the package is installed."""
    above = Path(__file__).resolve().parents[2]
    return above if (above / "brownie-config.yaml").is_file() else None

"""What people do and ask, one module a capability: facts, acts, queries, what is due."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from dmo.core.act import Act, Asked
from dmo.core.view import Query

__all__ = ["registry"]


@cache
def registry() -> dict[str, type[Asked]]:
    """All acts and queries by name."""
    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
    return {**Query.registry, **Act.registry}

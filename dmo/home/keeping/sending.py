"""Where signed transactions go: to the node that is read, or to another that keeps them to itself."""

from __future__ import annotations

from dmo.core.chain import Chain
from dmo.home import context
from dmo.home.home import Home

_TIMEOUT = 20.0


def sends_by(home: Home, private: str | None) -> Chain | None:
    """The node of an address, or of a name (DMO_RPC_<NAME>, so that no key stands on a command line); None for none."""
    if not private:
        return None
    url = context.node_url(None, private, home.dmo.chain_id, context.LocalFacts())
    return Chain.connect(url, home.dmo.chain_id, _TIMEOUT)

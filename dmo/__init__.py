"""DMO: holders vote a budget, ideas become campaigns, work is paid and earns reputation.

The package turns intentions into calls and reads state; it knows nothing of Brownie.
Importing it does nothing and is cheap.
"""

from dmo.core.errors import BadInput, CheckFailed, DmoError, NetworkError, NotFound, Refused

__version__ = "0.1.0"

__all__ = [
    "BadInput",
    "CheckFailed",
    "DmoError",
    "NetworkError",
    "NotFound",
    "Refused",
    "__version__",
]

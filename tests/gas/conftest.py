"""Times are the same in every run."""

from tests.support.gas import steady_clock

__all__ = ["steady_clock"]

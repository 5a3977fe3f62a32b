"""`python -m dmo` is the command line."""

import sys

from dmo.cli import main

if __name__ == "__main__":
    sys.exit(main())

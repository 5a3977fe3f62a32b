"""`python -m dmo` is the command line."""

import sys

from dmo.faces.cli import main

if __name__ == "__main__":
    sys.exit(main())

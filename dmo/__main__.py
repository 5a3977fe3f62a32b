"""`python -m dmo` is the command line."""

import sys

from dmo.cli import main

sys.exit(main())

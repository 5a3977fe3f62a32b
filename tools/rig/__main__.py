"""`python -m tools.rig`: see seeds.py."""

import sys

from tools.rig.seeds import main

if __name__ == "__main__":
    sys.exit(main())

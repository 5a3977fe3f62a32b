"""``python -m dmo.replay``: the same as ``dmo replay``."""

import sys

from dmo.faces.cli import main

if __name__ == "__main__":
    sys.exit(main(["replay", *sys.argv[1:]]))

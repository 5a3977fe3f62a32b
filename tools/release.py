"""Build what a release hands out into build/release: wheel, sdist, the address book's schema, checksums.

The wheel carries the compiled contracts, so that an installed `dmo` can replay, verify and compare. The same sources
and the same compiler give the same bytes: no time, no owner and no order of files gets in. Nothing is asked of the
network; uv, which setup.sh installs, builds with a backend of its own.
"""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from dmo.core.errors import DmoError
from dmo.core.files import write_text
from dmo.deploy.contracts import table
from dmo.deploy.shipped import FILE, pack

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "build" / "release"
SCHEMA = "address-book.schema.json"
SUMS = "SHA256SUMS"
_PARTS = ("pyproject.toml", "README.md", "LICENSE")
_REPLAYED = ("PlainVotesToken", "PlainGovernor")
"""Beside what a deployment has: OpenZeppelin's, for the comparison."""


def build(out: Path) -> list[Path]:
    """Build into a folder, which is made anew; the files, the checksums last. BadInput where nothing is compiled."""
    shutil.rmtree(out, ignore_errors=True)
    source = out / "source"
    shutil.copytree(ROOT / "dmo", source / "dmo", ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
    for name in _PARTS:
        shutil.copyfile(ROOT / name, source / name)
    write_text(source / "dmo" / "deploy" / FILE, pack(ROOT, [*table(), *_REPLAYED]))
    uv = [str(ROOT / ".uv" / "bin" / "uv"), "build", "--quiet", "--offline", "--python", sys.executable]
    subprocess.run([*uv, "--no-create-gitignore", "--out-dir", str(out), str(source)], check=True)
    shutil.rmtree(source)
    shutil.copyfile(ROOT / "docs" / "schemas" / "deployment.json", out / SCHEMA)
    files = sorted(out.iterdir())
    sums = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files]
    write_text(out / SUMS, "".join(sums))
    return [*files, out / SUMS]


def main() -> int:
    """Build build/release; 2 where nothing is compiled."""
    try:
        files = build(OUT)
    except DmoError as error:
        print(f"release: {error}", file=sys.stderr)
        return error.exit_code
    for file in files:
        print(f"{file.stat().st_size:>9,}  {file.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env bash
# Installs everything from the locked files: .venv (Python) and node_modules (compiler, chain,
# libraries, linter). A second run with unchanged locks does nothing and needs no network. A stamp
# is written only at the end of a part, so a killed run is repaired by the next.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf 'setup: %s\n' "$*"; }
die() {
  printf 'setup: %s\n' "$*" >&2
  exit 1
}
digest() { cat "$@" | { sha256sum 2>/dev/null || shasum -a 256; } | cut -d' ' -f1; }

python_key="$(digest requirements/bootstrap.lock requirements/build.lock requirements.lock tools/setup.sh)"
node_key="$(digest package.json package-lock.json tools/setup.sh)"
fresh() { [[ -f "$1" && "$(cat "$1")" == "$2" ]]; }

install_python() {
  local python="${PYTHON:-}" candidate
  if [[ -z "$python" ]]; then
    for candidate in python3.11 python3 python3.12 python3.13; do
      if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info[:2] < (3, 11))' 2>/dev/null; then
        python="$candidate"
        break
      fi
    done
  fi
  [[ -n "$python" ]] || die "needs Python 3.11 or later with venv (Debian: apt install python3-venv)"
  rm -f .venv/.stamp
  say "Python packages: fetching the installer"
  rm -rf .uv
  "$python" -m venv .uv
  .uv/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
    --require-hashes --only-binary :all: -r requirements/bootstrap.lock
  say "Python packages: installing $(grep -c '^[a-z]' requirements.lock) from requirements.lock"
  .uv/bin/uv venv --quiet --clear --python "$python" .venv
  # Brownie's compiled modules have faults (coverage, state machines): build it as plain Python.
  export VIRTUAL_ENV="$PWD/.venv"
  .uv/bin/uv pip install --quiet --require-hashes --only-binary :all: -r requirements/build.lock
  BROWNIE_NOCOMPILE=1 .uv/bin/uv pip sync --quiet --require-hashes \
    --no-binary eth-brownie --no-build-isolation requirements.lock
  # The package itself runs from the checkout.
  .venv/bin/python - <<'PY'
import sys, sysconfig
from pathlib import Path

root = Path.cwd()
site = Path(sysconfig.get_path("purelib"))
(site / "dmo-checkout.pth").write_text(f"{root}\n", encoding="utf-8")
# Through a shell, because a first line cannot name a path with spaces.
command = Path(sys.prefix) / "bin" / "dmo"
command.write_text(
    """#!/bin/sh
'''exec' "$(dirname -- "$(realpath -- "$0")")/python" "$0" "$@"
' '''
import sys

from dmo.__main__ import main

sys.exit(main())
""",
    encoding="utf-8",
)
command.chmod(0o755)
PY
  echo "$python_key" >.venv/.stamp
  say "Python packages: done"
}

install_node() {
  command -v npm >/dev/null || die "needs npm with Node 20 or later"
  say "compiler, chain and libraries: installing from package-lock.json"
  rm -f node_modules/.stamp
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
  local solc
  solc="$(node -p 'require("./node_modules/solc/package.json").version')"
  [[ -x "tools/solc/solc-v$solc" ]] || die "no tools/solc/solc-v$solc for the locked compiler"
  tools/bin/anvil --version >/dev/null || die "the local chain does not start on this machine"
  echo "$node_key" >node_modules/.stamp
  say "compiler, chain and libraries: done"
}

todo=0
pids=()
if ! fresh node_modules/.stamp "$node_key"; then
  todo=1
  install_node &
  pids+=($!)
fi
if ! fresh .venv/.stamp "$python_key"; then
  todo=1
  install_python &
  pids+=($!)
fi
status=0
for pid in ${pids[@]+"${pids[@]}"}; do wait "$pid" || status=1; done
((status == 0)) || die "failed; run \`make setup\` again"
((todo == 0)) || say "ready"

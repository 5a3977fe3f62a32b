#!/usr/bin/env bash
# Rewrites the hashed Python locks from pyproject.toml and requirements/*.in (needs network).
# The npm lock: `npm install --package-lock-only --omit-lockfile-registry-resolved=true`, then check
# with `git diff` that all four @foundry-rs/anvil-* platforms are still in it; see requirements/README.md.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
uv="${UV:-.uv/bin/uv}"
options=(--quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header)
"$uv" pip compile "${options[@]}" requirements/bootstrap.in -o requirements/bootstrap.lock "$@"
"$uv" pip compile "${options[@]}" requirements/build.in -o requirements/build.lock "$@"
"$uv" pip compile "${options[@]}" pyproject.toml -o requirements/runtime.lock "$@"
"$uv" pip compile "${options[@]}" --group brownie --group dev pyproject.toml -o requirements.lock "$@"

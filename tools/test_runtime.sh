#!/usr/bin/env bash
# Does the package run with what it declares, and nothing else? Builds its wheel, installs it beside
# requirements/runtime.lock, then beside the oldest versions that pyproject.toml allows, imports
# all of it and starts `dmo` (needs network).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
uv="$PWD/${UV:-.uv/bin/uv}"
python="$(readlink -f .venv/bin/python)"
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT

mkdir "$folder/source"
cp -R dmo pyproject.toml README.md LICENSE "$folder/source"
"$uv" build --quiet --offline --wheel --python "$python" --out-dir "$folder" "$folder/source"
"$uv" pip compile --quiet --resolution lowest-direct --python "$python" --no-header \
  --no-emit-index-url pyproject.toml -o "$folder/oldest.lock"

files() { (cd "$1" && find . -type f -not -name '*.pyc' | sort); }

try() { # name, lock, options
  local home="$folder/$1" lock="$2"
  shift 2
  "$uv" venv --quiet --python "$python" "$home"
  "$uv" pip sync --quiet --python "$home/bin/python" --only-binary :all: "$@" "$lock"
  "$uv" pip install --quiet --python "$home/bin/python" --no-deps "$folder"/*.whl
  diff <(files "$folder/source/dmo") <(files "$home"/lib/python*/site-packages/dmo)
  cd "$folder"
  env -i PATH="$PATH" HOME="$folder" "$home/bin/python" -W error::SyntaxWarning - <<'PY'
import importlib, pkgutil
import dmo

for module in pkgutil.walk_packages(dmo.__path__, "dmo."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
PY
  local arguments
  for arguments in "--help" "status --help" "round show --help"; do
    # shellcheck disable=SC2086
    env -i PATH="$PATH" HOME="$folder" "$home/bin/dmo" $arguments >"$folder/said" ||
      { cat "$folder/said"; return 1; }
    grep -q "^Usage: dmo" "$folder/said"
  done
  cd "$OLDPWD"
}
try locked requirements/runtime.lock --require-hashes
echo "runtime: the package runs with requirements/runtime.lock"
try oldest "$folder/oldest.lock"
echo "runtime: the package runs with the oldest versions that pyproject.toml allows"

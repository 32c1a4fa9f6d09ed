#!/usr/bin/env bash
# Fetches the Python packages that the tests of loader/python compare on, each
# unpacked into a folder of its own under .oracle/python, and the programs that
# they compare with into a virtual environment there. The packages are wheels of
# exact versions for one platform, so that every machine reads the same files;
# none of their code is run. With EDDY_ORACLE_FULL set, the large ones too.
# Needs python3 with pip and venv, and the network.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
dir=${EDDY_ORACLE_DIR:-$here/../../../.oracle}/python
mkdir -p "$dir"
dir=$(cd "$dir" && pwd)

packages=(django==5.2.1 sqlalchemy==2.0.41)
if [ -n "${EDDY_ORACLE_FULL:-}" ]; then
  packages+=(
    sympy==1.14.0 pandas==2.2.3 ansible-core==2.18.6 numpy==2.2.6
    scipy==1.15.3 mypy==1.15.0 pip==25.1.1
  )
fi
programs=(ruff==0.17.6 grimp==3.19)

for package in "${packages[@]}"; do
  name=${package%%==*}
  if [ "$(cat "$dir/.$name" 2>/dev/null)" = "$package" ]; then continue; fi
  echo "oracle-python: fetching $package"
  wheels=$(mktemp -d)
  python3 -m pip download --quiet --disable-pip-version-check --no-deps --dest "$wheels" \
    --only-binary=:all: --python-version 3.11 --platform manylinux2014_x86_64 --platform any "$package"
  rm -rf "${dir:?}/$name"
  python3 -m zipfile -e "$wheels"/*.whl "$dir/$name"
  rm -rf "$wheels"
  printf '%s' "$package" >"$dir/.$name"
done

if [ "$(cat "$dir/.programs" 2>/dev/null)" != "${programs[*]}" ]; then
  echo "oracle-python: installing ${programs[*]}"
  rm -rf "$dir/venv"
  python3 -m venv "$dir/venv"
  "$dir/venv/bin/pip" install --quiet --disable-pip-version-check "${programs[@]}"
  printf '%s' "${programs[*]}" >"$dir/.programs"
fi

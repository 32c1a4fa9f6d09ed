#!/usr/bin/env bash
# Installs the programs that bench compares Eddy with, and the trees that it
# measures on, into .bench at the root of the repository. Every version is
# pinned here. Needs node with npm, python3 with venv, tar and the network. A
# part that is there already, from this same script, is left alone.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
mkdir -p .bench
bench=$PWD/.bench
script=$PWD/internal/bench/install.sh
programs_npm="oxlint@1.94.0 madge@8.0.0 dpdm@4.3.0 dependency-cruiser@17.3.9 skott@0.35.12"
programs_python="ruff==0.17.6 grimp==3.19"
echo "$programs_npm" "${programs_python//==/@}" >.bench/versions

# part NAME runs install_NAME in a fresh folder .bench/NAME.
part() {
  local dir=$bench/$1
  if cmp -s "$script" "$dir/.installed-by"; then return; fi
  echo "bench: installing $1"
  rm -rf "$dir"
  mkdir -p "$dir"
  (cd "$dir" && "install_$1")
  cp "$script" "$dir/.installed-by"
}

install_npm() {
  echo '{"private": true}' >package.json
  # Several of them read TypeScript by its compiler and bring none.
  # shellcheck disable=SC2086
  npm install --ignore-scripts --no-audit --no-fund --loglevel=error --save-exact $programs_npm typescript@5.9.3
  cat >depcruise.json <<'JSON'
{
  "forbidden": [{"name": "no-circular", "severity": "warn", "from": {}, "to": {"circular": true}}],
  "options": {"tsConfig": {"fileName": "tsconfig.json"}, "doNotFollow": {"path": "node_modules"}}
}
JSON
}

install_python() {
  python3 -m venv venv
  # shellcheck disable=SC2086
  venv/bin/pip install --quiet --disable-pip-version-check $programs_python
  pip_unpack sympy==1.14.0 sympy
  pip_unpack django==5.2.19 django
}

# pip_unpack REQUIREMENT NAME puts a package's sources into a folder NAME of
# their own, as they lie in its repository.
pip_unpack() {
  venv/bin/pip install --quiet --disable-pip-version-check --no-deps --no-compile --target "$2" "$1"
  rm -rf "$2"/*.dist-info "$2"/bin "$2"/share
  git init --quiet "$2"
}

# A workspace of packages that publish their TypeScript sources. npm would lay it
# out like this: the packages in packages/, links to them in node_modules/.
install_typescript() {
  npm pack --silent --pack-destination . \
    viem@2.57.20 ox@1.8.3 maplibre-gl@6.17.0 effect@3.22.4 zod@4.6.7 rxjs@7.8.2 \
    ethers@6.17.0 matrix-js-sdk@37.5.0 xstate@5.33.3 abitype@1.3.0 \
    @blueprintjs/core@6.20.0 @wagmi/core@3.6.5 @reduxjs/toolkit@2.14.0 @trpc/server@11.25.2 \
    @effect/platform@0.97.2 @effect/cli@0.77.2 @effect/sql@0.52.1 @effect/rpc@0.76.2 \
    @effect/workflow@0.19.1 @effect/cluster@0.60.2 @effect/ai@0.37.0 \
    @deck.gl/core@9.4.0 @deck.gl/layers@9.4.0 @luma.gl/core@9.4.2 @luma.gl/engine@9.4.2 \
    @tanstack/router-core@1.171.39 @tanstack/query-core@5.108.0 @tanstack/table-core@9.3.1 >/dev/null
  local archive name dir
  for archive in *.tgz; do
    mkdir unpacked
    tar -xzf "$archive" -C unpacked --strip-components=1
    name=$(node -p 'require("./unpacked/package.json").name')
    dir=packages/${name#@}
    mkdir -p "$dir" "node_modules/$(dirname "$name")"
    (cd unpacked && find . \( -name node_modules -o -name dist -o -name lib -o -name _types \) -prune -o \
      -type f \( -name '*.ts' -o -name '*.tsx' -o -path ./package.json \) ! -name '*.d.ts' -print0 |
      tar --null -T - -cf -) | tar -xf - -C "$dir"
    ln -s "$PWD/$dir" "node_modules/$name"
    rm -rf unpacked "$archive"
  done
  git init --quiet # so that no tool looks above it for what to ignore
  echo node_modules >.gitignore
  echo '{"name": "workspace", "private": true, "workspaces": ["packages/*", "packages/*/*"]}' >package.json
  cat >tsconfig.json <<'JSON'
{
  "compilerOptions": {
    "target": "esnext", "module": "esnext", "moduleResolution": "bundler", "jsx": "react-jsx",
    "noEmit": true, "allowImportingTsExtensions": true
  },
  "include": ["packages"]
}
JSON
}

# The declaration files of packages, where all that is written may be exported.
install_declarations() {
  npm pack --silent --pack-destination . effect@3.22.4 zod@4.6.7 rxjs@7.8.2 viem@2.57.20 \
    @types/node@26.6.6 @types/lodash@4.17.27 type-fest@5.10.0 typeorm@1.1.1 fast-check@4.8.0 >/dev/null
  local archive name
  for archive in *.tgz; do
    mkdir unpacked
    tar -xzf "$archive" -C unpacked --strip-components=1
    name=${archive%.tgz}
    mkdir -p "packages/$name"
    (cd unpacked && find . -name node_modules -prune -o -type f \( -name '*.d.ts' -o -name '*.d.mts' -o -path ./package.json \) -print0 |
      tar --null -T - -cf -) | tar -xf - -C "packages/$name"
    rm -rf unpacked "$archive"
  done
  git init --quiet
}

# The same workspace many times over, for what only a large tree shows.
install_typescript_large() {
  local copy
  for copy in 1 2 3 4 5 6 7 8 9 10; do
    mkdir "$copy"
    cp -R ../typescript/packages ../typescript/package.json ../typescript/tsconfig.json "$copy"
  done
  git init --quiet
}

if command -v npm >/dev/null; then
  part npm
  part typescript
  part declarations
  part typescript_large
else
  echo "bench: no npm: the rows for TypeScript will be without numbers" >&2
fi
if command -v python3 >/dev/null; then
  part python
else
  echo "bench: no python3: the rows for Python will be without numbers" >&2
fi

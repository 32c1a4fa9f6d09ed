#!/usr/bin/env bash
# Installs what the tests of loader/ecmascript compare with: the TypeScript
# compiler, and packages that ship TypeScript or modern JavaScript, each also
# copied out of node_modules as a workspace of its own; and a large corpus for
# the scanner, the published files of packages without their dependencies.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
base=${EDDY_ORACLE_DIR:-$here/../../../.oracle}
dir=$base/ecmascript

packages=(
  rxjs@7.8.2
  effect@3.18.4
  zod@4.1.12
  @tanstack/query-core@5.90.5
  three@0.180.0
  eslint@9.38.0
  webpack@5.102.1
  @babel/core@7.28.5
  svelte@5.41.0
  preact@10.27.2
  date-fns@4.1.0
  @trpc/server@11.6.0
)

corpus=(
  @angular/core@21.2.26
  @mui/material@9.5.0
  @types/lodash@4.17.27
  @types/node@26.6.6
  ajv@8.20.0
  antd@6.6.8
  core-js@3.51.0
  effect@4.1.0
  lodash-es@4.18.1
  next@16.4.6
  prettier@3.10.1
  rollup@4.68.7
  ts-toolbelt@9.6.0
  type-fest@5.10.0
  typeorm@1.1.1
  vite@8.3.8
  vitest@4.1.12
  vue@3.5.45
)

mkdir -p "$dir"
stamp="typescript@5.9.3 ${packages[*]}"
if [ "$(cat "$dir/installed" 2>/dev/null)" != "$stamp" ]; then
  rm -rf "$dir/node_modules" "$dir/packages" "$dir/installed"
  printf '{"private": true}\n' > "$dir/package.json"
  (cd "$dir" && npm install --no-audit --no-fund --no-package-lock --ignore-scripts --legacy-peer-deps \
    --save-exact --loglevel=error typescript@5.9.3 "${packages[@]}")
  for p in "${packages[@]}"; do
    name=${p%@*}
    mkdir -p "$dir/packages/$(dirname "$name")"
    cp -R "$dir/node_modules/$name" "$dir/packages/$name"
    rm -rf "$dir/packages/$name/node_modules"
  done
  printf '%s' "$stamp" > "$dir/installed"
fi
if [ "$(cat "$dir/corpus/installed" 2>/dev/null)" != "${corpus[*]}" ]; then
  rm -rf "$dir/corpus"
  mkdir -p "$dir/corpus/packed"
  (cd "$dir/corpus/packed" && npm pack --silent --ignore-scripts "${corpus[@]}" >/dev/null)
  for archive in "$dir"/corpus/packed/*.tgz; do
    folder=$dir/corpus/$(basename "$archive" .tgz)
    mkdir -p "$folder"
    tar -xzf "$archive" -C "$folder" --strip-components=1
  done
  rm -rf "$dir/corpus/packed"
  printf '%s' "${corpus[*]}" > "$dir/corpus/installed"
fi
cp "$here"/*.mjs "$dir/"

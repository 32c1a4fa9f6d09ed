#!/usr/bin/env bash
# Fetches the Go modules that the tests of loader/golang compare with go list:
# exact versions, each in a folder of its own under .oracle/go. It fetches the
# modules alone, not what they require.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
dir=${EDDY_ORACLE_DIR:-.oracle}/go

modules=(
  golang.org/x/tools@v0.38.0
  golang.org/x/sys@v0.37.0
  k8s.io/client-go@v0.34.1
  google.golang.org/grpc@v1.76.0
  github.com/prometheus/prometheus@v0.307.1
  github.com/hashicorp/terraform@v1.5.7
  gonum.org/v1/gonum@v0.16.0
  github.com/gohugoio/hugo@v0.151.0
  github.com/go-git/go-git/v5@v5.16.3
)

mkdir -p "$dir"
dir=$(cd "$dir" && pwd)
# A repository of its own, so that what Eddy's ignores is not ignored here.
git init --quiet "$dir"
cache=$(mktemp -d)
trap 'chmod -R u+w "$cache"; rm -rf "$cache"' EXIT

for module in "${modules[@]}"; do
  name=${module//\//_}
  if [ -e "$dir/$name/go.mod" ]; then
    continue
  fi
  echo "fetching $module"
  source=$(cd "$cache" && GOMODCACHE="$cache" GOFLAGS=-mod=mod GOWORK=off go mod download -json "$module" |
    sed -n 's/^\t"Dir": "\(.*\)",\{0,1\}$/\1/p')
  rm -rf "$dir/$name.part"
  cp -R "$source" "$dir/$name.part"
  chmod -R u+w "$dir/$name.part"
  mv "$dir/$name.part" "$dir/$name"
done

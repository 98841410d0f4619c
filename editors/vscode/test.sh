#!/usr/bin/env bash
# All tests of the extension: lint, units, grammar, package, and the package in a real editor in a real browser.
#
#   TIDEGATE                  the program whose language server is used; has to be there
#   TIDEGATE_EDITORS_CACHE    where Node 24 and code-server are kept (~/.cache/tidegate-editors)
#   TIDEGATE_EDITORS_SHOTS    where pictures go (shots/vscode in the cache)
#   TIDEGATE_EDITORS_LIMIT    seconds for all of it (1200): five minutes of it to install what is kept, once
#   TIDEGATE_EDITORS_SKIP=1   where a package cannot be had, say so and end well: for a developer's own machine only
set -euo pipefail

limit=${TIDEGATE_EDITORS_LIMIT:-1200}
if [ -z "${TIDEGATE_EDITORS_BOUNDED:-}" ]; then
  export TIDEGATE_EDITORS_BOUNDED=1
  outcome=0
  timeout --kill-after=10 "$limit" "$0" "$@" || outcome=$?
  [ "$outcome" -ne 124 ] || echo "FAIL: not finished after $limit s" >&2
  exit "$outcome"
fi

tidegate=$(realpath "${TIDEGATE:?has to name the tidegate program}")
cd "$(dirname "${BASH_SOURCE[0]}")"
cache=${TIDEGATE_EDITORS_CACHE:-$HOME/.cache/tidegate-editors}
shots=${TIDEGATE_EDITORS_SHOTS:-$cache/shots/vscode}
node_version=24
code_server_version=4.139.1

# A package that cannot be had is an error, but on a machine whose owner says otherwise.
missing() {
  if [ "${TIDEGATE_EDITORS_SKIP:-}" = 1 ]; then
    echo "SKIP: $*"
    exit 0
  fi
  echo "FAIL: $*" >&2
  exit 1
}

step() {
  local name=$1 start=$SECONDS
  shift
  echo "== $name"
  "$@"
  echo "== $name: $((SECONDS - start)) s"
}

browser() { command -v chromium || command -v chromium-browser || command -v google-chrome; }

system() {
  local wanted=() log=$cache/apt.log
  browser >/dev/null || wanted+=(chromium)
  # Only where code-server is built: one of its modules is compiled against these headers.
  [ -f "$code_server" ] || [ -f /usr/include/gssapi/gssapi.h ] || wanted+=(libkrb5-dev)
  [ ${#wanted[@]} -gt 0 ] || return 0
  if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    missing "install first: apt-get install ${wanted[*]}"
  fi
  { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${wanted[@]}"; } \
    >"$log" 2>&1 || { tail -n 20 "$log"; missing "apt-get does not install ${wanted[*]}"; }
}

# npm_package FOLDER PACKAGE FILE: the package in a folder of its own, unless FILE is there already. The folder gets its
# name when all is in it, so that one that was interrupted is not taken for a whole one.
npm_package() {
  local folder=$1 package=$2 file=$3 log=$1.log
  [ ! -f "$folder/$file" ] || return 0
  rm -rf "$folder" "$folder.new"
  mkdir -p "$folder.new"
  echo '{ "private": true, "allowScripts": { "node": true, "code-server": true, "argon2": true } }' >"$folder.new/package.json"
  npm install --prefix "$folder.new" --no-audit --no-fund "$package" >"$log" 2>&1 && [ -f "$folder.new/$file" ] \
    || { tail -n 20 "$log"; missing "npm does not install $package"; }
  mv "$folder.new" "$folder"
}

node_24() {
  local file=node_modules/node/bin/node
  npm_package "$cache/node-$node_version" "node@$node_version" "$file"
}

code_server() {
  npm_package "$cache/code-server-$code_server_version" "code-server@$code_server_version" "$entry"
}

dependencies() {
  local log=$cache/vscode-npm.log
  npm ci --no-audit --no-fund >"$log" 2>&1 || { tail -n 20 "$log"; missing "npm ci does not install what package-lock.json names"; }
}

mkdir -p "$cache"
command -v npm >/dev/null || missing "there is no npm"
"$tidegate" lsp --help >/dev/null || { echo "FAIL: $tidegate has no language server" >&2; exit 1; }

entry=node_modules/code-server/out/node/entry.js
code_server=$cache/code-server-$code_server_version/$entry
step system system
step node node_24
# The program that the package brought, with the headers beside it: native modules are built against this Node.
node_home=$(dirname "$(dirname "$(find "$cache/node-$node_version/node_modules" -path '*/node-*/bin/node' | head -n 1)")")
[ -x "$node_home/bin/node" ] || missing "the package node@$node_version brings no program"
export PATH=$node_home/bin:$PATH npm_config_nodedir=$node_home
step code-server code_server
step dependencies dependencies
step build npm run --silent build
step lint npm run --silent lint
step unit npm run --silent test:unit
step grammar npm run --silent test:grammar
step package npm run --silent package
# Less than is left, so that it can say itself what it was doing.
step browser env TIDEGATE="$tidegate" CODE_SERVER="$code_server" CHROMIUM="$(browser)" VSIX="$PWD/dist/tidegate.vsix" \
  TIDEGATE_EDITORS_SHOTS="$shots" TIDEGATE_EDITORS_LIMIT=$((limit - SECONDS - 10)) npm run --silent test:e2e
echo "== all: $SECONDS s"

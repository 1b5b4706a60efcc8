# Shared by the scripts of this folder: messages, where things are, how many jobs.
# To be sourced under `set -euo pipefail`.
# shellcheck shell=bash

twinsock_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
jobs=${TWINSOCK_JOBS:-$(nproc 2>/dev/null || getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)}

# Presets, clones and runs share what they compile, where ccache is there to remember it.
if command -v ccache >/dev/null 2>&1; then
  export CMAKE_C_COMPILER_LAUNCHER=${CMAKE_C_COMPILER_LAUNCHER-ccache}
  export CMAKE_CXX_COMPILER_LAUNCHER=${CMAKE_CXX_COMPILER_LAUNCHER-ccache}
  export CCACHE_BASEDIR=$twinsock_root CCACHE_NOHASHDIR=1
fi

# Colour only on a terminal, and not when the user says no (NO_COLOR) or the terminal cannot.
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ] && [ "${TERM:-dumb}" != dumb ]; then
  bold=$'\e[1m' red=$'\e[31m' plain=$'\e[0m'
else
  bold='' red='' plain=''
fi

step() { printf '%s== %s%s\n' "$bold" "$*" "$plain"; }
warn() { printf '%s%s: %s%s\n' "$red" "${0##*/}" "$*" "$plain" >&2; }
die() {
  warn "$1"
  exit "${2:-1}"
}

# Configures build/PRESET when it is new or CMake's files ask for it, then builds it. A quiet step
# keeps its output for the case that it fails.
build_preset() {
  local preset=$1 log
  shift
  log=$(mktemp)
  local -a options=()
  [ -z "${TWINSOCK_LWIP_DIR:-}" ] || options+=("-DTWINSOCK_LWIP_DIR=$TWINSOCK_LWIP_DIR")
  cd "$twinsock_root"
  if ! cmake --preset "$preset" "${options[@]}" >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    die "configuring the preset '$preset' failed, see above"
  fi
  rm -f "$log"
  NINJA_STATUS='[%f/%t, %es] ' cmake --build --preset "$preset" --parallel "$jobs" "$@" ||
    die "building the preset '$preset' failed, see above"
}

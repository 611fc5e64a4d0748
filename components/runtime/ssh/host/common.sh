#!/bin/sh
# Installs a bundle of the GPU observability platform on this host, whole or not at all, or removes everything of it.
#
#   apply install <unpacked bundle> <version>    secrets on standard input
#   apply remove
#
# GPU_OBSERVABILITY_ROOT puts every path below a folder, for tests.
set -u
umask 022
LC_ALL=C
export LC_ALL
ROOT=${GPU_OBSERVABILITY_ROOT:-}
CONFIG=$ROOT/etc/gpu-observability
BUNDLES=$CONFIG/bundles
UNITS=$ROOT/etc/systemd/system
WANTS=$UNITS/multi-user.target.wants
PROGRAMS=$ROOT/opt/gpu-observability/programs
STATE=$ROOT/var/lib/gpu-observability
LOGS=$ROOT/var/log/gpu-observability
# What to undo when the program ends: nothing, staged files, or a switch to the new version.
STAGE=nothing

# A lost connection must not stop half-way: what cannot be said is not said.
say() { printf '%s\n' "$*" 2>/dev/null || :; }
complain() { printf 'gpu-observability: %s\n' "$*" >&2 2>/dev/null || :; }
fail() {
  complain "$*"
  exit 1
}

# try <what> <command...>: the command's own words are the reason.
try() {
  try_what=$1
  shift
  if ! try_reason=$("$@" 2>&1); then
    try_reason=$(printf '%s' "${try_reason:-no reason given}" | tr '\n' ' ')
    fail "$try_what: $try_reason$(full_disks)"
  fi
}

# Not every program says why it wrote less than it should.
full_disks() {
  df -Pk "$CONFIG" "$PROGRAMS" 2> /dev/null | awk 'NR > 1 && $4 < 256 && !seen[$6]++ { printf "; No space left on %s", $6 }'
}

# Whether a list of words holds a word.
holds() {
  case " $1 " in
    *" $2 "*) return 0 ;;
    *) return 1 ;;
  esac
}

take_lock() {
  mkdir -p "$ROOT/run"
  exec 9> "$ROOT/run/gpu-observability.lock"
  flock -n 9 || fail "another apply is at work on this host; nothing was changed"
}

require_host() {
  [ "$(id -u)" -eq 0 ] || [ -n "$ROOT" ] || fail "needs root: set the sudo of the connection"
  for tool in tar gzip sha256sum base64 systemctl useradd mktemp flock timeout awk sed find cmp; do
    command -v "$tool" > /dev/null || fail "this host has no $tool; nothing was changed"
  done
  command -v curl > /dev/null || command -v wget > /dev/null || fail "this host has neither curl nor wget; nothing was changed"
  for folder in "$CONFIG" "$UNITS" "$PROGRAMS" "$STATE" "$LOGS"; do require_writable "$folder"; done
}

require_writable() {
  try "cannot write below $1, nothing was changed" mkdir -p "$1"
  probe=$1/.gpu-observability-$$
  if ! try_reason=$( (printf 'probe\n' > "$probe") 2>&1); then
    rm -f "$probe"
    fail "cannot write below $1, nothing was changed: ${try_reason##*: }"
  fi
  rm -f "$probe"
}

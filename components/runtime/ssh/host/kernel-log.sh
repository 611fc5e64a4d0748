#!/bin/sh
# kernel-log <file> <cursor file>: follows the kernel's messages in the journal and writes them as rsyslog would,
# `<priority>time host kernel: message`, so the agent reads one form everywhere.
set -u
file=$1
cursor=$2
host=$(uname -n)

# One field of a line of JSON whose values are strings.
field() { printf '%s' "$2" | sed -n "s/.*\"$1\":\"\\(\\([^\"\\\\]\\|\\\\.\\)*\\)\".*/\\1/p" | sed 's/\\"/"/g; s/\\\\/\\/g'; }

# Every boot, not only this one: what the kernel said before it crashed matters most.
set -- --follow --output json --output-fields PRIORITY,MESSAGE --quiet --no-pager
if [ -s "$cursor" ]; then set -- "$@" --lines all --after-cursor "$(cat "$cursor")"; else set -- "$@" --lines 1000; fi
journalctl "$@" _TRANSPORT=kernel | while read -r line; do
  micros=$(field __REALTIME_TIMESTAMP "$line")
  printf '<%s>%s %s kernel: %s\n' "$(field PRIORITY "$line")" "$(date -u -d "@${micros%??????}" +%Y-%m-%dT%H:%M:%SZ)" "$host" "$(field MESSAGE "$line")" >> "$file"
  # The line first, its place second: a line may come twice, none is lost.
  field __CURSOR "$line" > "$cursor.part" && mv "$cursor.part" "$cursor"
done

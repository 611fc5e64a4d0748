# What this program brought to the host from elsewhere is written down before it is brought, one item a line in a file
# of the platform's folder: a program that is killed, or fails, then still knows what to take away, and nothing else.

# note <file> <line>
note() {
  grep -qxF -- "$2" "$CONFIG/$1" 2> /dev/null || try "cannot write $CONFIG/$1, nothing was changed" append "$CONFIG/$1" "$2"
}

append() { printf '%s\n' "$2" >> "$1"; }

# prune <file> <kind of the plan's lines> <take> [plan...]: takes away every noted item that no plan needs. `take` gets
# the item's words; where it fails the item stays noted, and TAKEN is `no`.
prune() {
  pruned=$CONFIG/$1
  needed=$2
  take=$3
  shift 3
  still=
  [ -f "$pruned" ] || return 0
  while read -r item rest <&4; do
    if [ "$needed" = image ]; then needle="image $item $rest"; else needle="$needed $item"; fi
    # shellcheck disable=SC2086 # words
    if needed_by "$needle" "$@" || ! "$take" "$item" $rest; then
      still="$still$item${rest:+ $rest}
"
      needed_by "$needle" "$@" || TAKEN=no
    fi
  done 4< "$pruned"
  # On a full disk the longer list stays: what is gone already is passed over the next time.
  if (printf '%s' "$still" > "$pruned.part") 2> /dev/null; then mv -f "$pruned.part" "$pruned"; else rm -f "$pruned.part"; fi
  # Users are noted though there are none: without that file they are taken for ours.
  if [ ! -s "$pruned" ] && [ "$needed" != user ]; then rm -f "$pruned"; fi
}

# needed_by <begin of a line> [plan...]
needed_by() {
  begin=$1
  shift
  for needing; do
    [ -f "$needing" ] || continue
    while IFS= read -r line <&5; do
      case "$line " in "$begin "*) return 0 ;; esac
    done 5< "$needing"
  done
  return 1
}

# prune_brought <plan> [plan before]: users belong to the plan in force alone.
prune_brought() {
  TAKEN=yes
  prune images image drop_image "$@"
  prune packages package drop_package "$@"
  prune users user drop_user "$1"
}

last_line() { printf '%s\n' "$1" | awk 'NF { sub(/^[ \t]+/, ""); line = $0 } END { print line == "" ? "no reason given" : line }'; }

# try_last <what> <command...>: for programs that talk a lot before they say why.
try_last() {
  try_what=$1
  shift
  if ! try_reason=$("$@" 2>&1 < /dev/null); then
    fail "$try_what: $(last_line "$try_reason")$(full_disks)"
  fi
}

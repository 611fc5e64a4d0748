# The plan of a version: one item a line, its kind first. Loops read it on descriptor 3, so that nothing they run
# takes its lines, and without a pipe, so that `fail` ends the program.

# wanted <always|rsyslog|no-rsyslog>
wanted() {
  case $1 in
    rsyslog) has_rsyslog ;;
    no-rsyslog) ! has_rsyslog ;;
    *) return 0 ;;
  esac
}

has_rsyslog() { [ -d "$ROOT/etc/rsyslog.d" ] && [ -x "$ROOT/usr/sbin/rsyslogd" ]; }

# wanted_units <plan>
wanted_units() {
  [ -f "$1" ] || return 0
  while read -r kind unit _ _ _ when <&3; do
    if [ "$kind" = unit ] && wanted "$when"; then printf '%s ' "$unit"; fi
  done 3< "$1"
}

# fingerprint <plan> <unit>
fingerprint() {
  [ -f "$1" ] || return 0
  while read -r kind unit mark _ <&3; do
    if [ "$kind" = unit ] && [ "$unit" = "$2" ]; then printf '%s' "$mark"; fi
  done 3< "$1"
}

# second_words <plan> <kind>: the first word after the kind, of every line of it.
second_words() {
  [ -f "$1" ] || return 0
  while read -r kind word _ <&3; do
    if [ "$kind" = "$2" ]; then printf '%s ' "$word"; fi
  done 3< "$1"
}

# The version in force is one symbolic link: configuration and units are links through it, so one rename switches all.

# point_to <version>
point_to() {
  rm -f "$CONFIG/current.part"
  try "cannot switch to $1" ln -s "bundles/$1" "$CONFIG/current.part"
  try "cannot switch to $1" mv -fT "$CONFIG/current.part" "$CONFIG/current"
}

# link <target> <link>: made only where it is missing or points elsewhere.
link() {
  [ "$(readlink "$2" 2> /dev/null)" != "$1" ] || return 0
  try "cannot make ${2%/*}" mkdir -p "${2%/*}"
  rm -f "$2.part"
  try "cannot make $2" ln -s "$1" "$2.part"
  try "cannot make $2" mv -fT "$2.part" "$2"
  LINKED=yes
}

# link_files <plan>
link_files() {
  LINKED=no
  while read -r kind path _ <&3; do
    [ "$kind" = config ] || continue
    up=$(printf '%s' "$path" | sed 's/[^/]//g; s/\//..\//g')
    link "${up}current/config/$path" "$CONFIG/$path"
  done 3< "$1"
  for unit in $(wanted_units "$1"); do
    link "../../gpu-observability/current/units/$unit" "$UNITS/$unit"
    link "../$unit" "$WANTS/$unit"
  done
}

our_units() {
  for file in "$UNITS"/gpu-observability-*.service; do
    case $(readlink "$file" 2> /dev/null) in
      */gpu-observability/current/units/*) printf '%s ' "${file##*/}" ;;
      *) ;;
    esac
  done
}

# Units of ours that the plan does not want.
stop_unwanted() {
  wanted_now=$(wanted_units "$1")
  for unit in $(our_units); do
    if holds "$wanted_now" "$unit"; then continue; fi
    systemctl stop "$unit" > /dev/null 2>&1 || :
    rm -f "$UNITS/$unit" "$WANTS/$unit"
    STOPPED="$STOPPED $unit"
  done
}

# Configuration links whose file is in no bundle any more.
drop_dead_links() {
  find "$CONFIG" -path "$BUNDLES" -prune -o -type l ! -exec test -e {} \; -exec rm -f {} \; 2> /dev/null || :
}

# changed_units <old plan>: those whose restart the new plan asks for.
changed_units() {
  for unit in $(wanted_units "$PLAN"); do
    if holds "$SECRET_UNITS" "$unit" || [ "$DISTRUST" = yes ] || ! systemctl is-active --quiet "$unit" ||
      [ "$(fingerprint "$1" "$unit")" != "$(fingerprint "$PLAN" "$unit")" ]; then
      printf '%s ' "$unit"
    fi
  done
}

restart_changed() {
  for unit in $CHANGED_UNITS; do
    RESTARTED="$RESTARTED $unit"
    systemctl restart "$unit" < /dev/null > /dev/null 2>&1 || fail_unit "$unit" "did not start"
  done
}

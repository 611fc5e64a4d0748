# NVIDIA's package, from the repositories this host already has. What the operator installed stays as it is.
get_packages() {
  while read -r kind package program version <&3; do
    [ "$kind" = package ] || continue
    manager=$(package_manager)
    if [ -x "$ROOT$program" ] && { ! is_ours "$package" || has_version "$package" "$version"; }; then continue; fi
    [ -n "$manager" ] || fail "this host has neither apt-get nor dnf to install $package; nothing was changed"
    failure="cannot install $package$(said_version "$version") with $manager, nothing was changed"
    note_package
    try_last "$failure" install_package "$(pinned "$package" "$version")"
    [ -x "$ROOT$program" ] || fail "$package, installed with $manager, brought no $program; nothing was changed"
  done 3< "$PLAN"
}

is_ours() { grep -q "^$1\( \|\$\)" "$CONFIG/packages" 2> /dev/null; }

said_version() { [ "$1" = newest ] || printf ' %s' "$1"; }

# has_version <package> <version>: whatever its epoch and its revision.
has_version() {
  [ "$2" != newest ] || return 0
  if [ "$manager" = dnf ]; then installed=$(rpm -q --qf '%{VERSION}' "$1" 2> /dev/null)
  else installed=$(dpkg-query -W -f '${Version}' "$1" 2> /dev/null); fi
  case $installed in "$2" | "$2"-* | *:"$2" | *:"$2"-*) return 0 ;; *) return 1 ;; esac
}

# pinned <package> <version>: as the manager takes one version of any epoch and revision. apt-get wants both to the letter.
pinned() {
  if [ "$2" = newest ]; then echo "$1"
  elif [ "$manager" = dnf ]; then echo "$1-$2"
  else
    found=$(apt-cache madison "$1" 2> /dev/null | awk -F '|' -v wanted="$2" '{
      gsub(/ /, "", $2)
      bare = $2
      sub(/^[0-9]+:/, "", bare)
      if (bare == wanted || index(bare, wanted "-") == 1) { print $2; exit }
    }')
    echo "$1=${found:-$2}"
  fi
}

package_manager() {
  for found in apt-get dnf; do
    if command -v "$found" > /dev/null; then
      echo "$found"
      return
    fi
  done
}

# Notes the package and what comes with it, as far as this host has neither.
note_package() {
  if [ "$manager" = dnf ]; then
    # dnf takes away what it brought for a package together with it.
    rpm -q "$package" > /dev/null 2>&1 || note packages "$package"
    return
  fi
  try_last "$failure" apt-get install --simulate -q --allow-downgrades "$(pinned "$package" "$version")"
  brought=$(printf '%s\n' "$try_reason" | awk -v own="$package" '$1 == "Inst" && $3 !~ /^\[/ { if ($2 == own) first = 1; else more = more " " $2 } END { if (first) print own more }')
  [ -z "$brought" ] || note packages "$brought"
}

install_package() {
  if [ "$manager" = dnf ]; then
    dnf install -y -q "$1"
  else
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --allow-downgrades -o DPkg::Lock::Timeout=300 "$1"
  fi
}

# drop_package <package> <what came with it...>
drop_package() {
  manager=$(package_manager)
  if ! try_reason=$(remove_package "$@" 2>&1 < /dev/null); then
    complain "cannot remove $1: $(last_line "$try_reason")"
    return 1
  fi
}

remove_package() {
  if [ "$manager" = dnf ]; then remove_rpm "$1"; else remove_debs "$@"; fi
}

# dnf would take along whatever else has come to need it: rpm is asked first.
remove_rpm() {
  rpm -q "$1" > /dev/null 2>&1 || return 0
  rpm -e --test "$1" && dnf remove -y -q "$1"
}

# remove_debs <package> <what came with it...>: by dpkg itself, since apt-get would take along whatever else has come to
# need them. What came with the package and is needed by others stays, and is theirs.
remove_debs() {
  own=$1
  until reason=$(dpkg --no-act --purge --force-remove-reinstreq "$@" 2>&1); do
    refused=$(printf '%s\n' "$reason" | awk 'found { sub(/:.*/, "", $1); print $1 } /^Errors were encountered/ { found = 1 }' | tr '\n' ' ')
    before=$#
    ours=
    for one; do holds "$refused" "${one%%:*}" || ours="$ours $one"; done
    # shellcheck disable=SC2086 # words
    set -- $ours
    if [ $# -eq "$before" ] || [ "${1:-}" != "$own" ]; then refuse_deb "$reason"; return 1; fi
  done
  waited=0
  until reason=$(DEBIAN_FRONTEND=noninteractive dpkg --purge --force-remove-reinstreq "$@" 2>&1); do
    case $reason in
      *"locked by another process"*) ;;
      *) waited=300 ;;
    esac
    if [ "$waited" -ge 300 ]; then refuse_deb "$reason"; return 1; fi
    waited=$((waited + 1))
    sleep 1
  done
}

# The last line of dpkg names what it could not do, not why.
refuse_deb() {
  printf '%s\n' "$1" | awk -v own="$own" '
    { all = all $0 "\n" }
    / depends on / && why == "" || index($0, " depends on " own) { why = $0 }
    END { print why == "" ? all : why }'
}

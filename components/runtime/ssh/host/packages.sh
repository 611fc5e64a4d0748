# NVIDIA's package, from the repositories this host already has.
get_packages() {
  while read -r kind package program <&3; do
    [ "$kind" = package ] || continue
    [ ! -x "$ROOT$program" ] || continue
    manager=$(package_manager)
    [ -n "$manager" ] || fail "this host has neither apt-get nor dnf to install $package; nothing was changed"
    failure="cannot install $package with $manager, nothing was changed"
    note_package
    try_last "$failure" install_package "$package"
    [ -x "$ROOT$program" ] || fail "$package, installed with $manager, brought no $program; nothing was changed"
  done 3< "$PLAN"
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
  try_last "$failure" apt-get install --simulate -q "$package"
  brought=$(printf '%s\n' "$try_reason" | awk -v own="$package" '$1 == "Inst" && $3 !~ /^\[/ { if ($2 == own) first = 1; else more = more " " $2 } END { if (first) print own more }')
  [ -z "$brought" ] || note packages "$brought"
}

install_package() {
  if [ "$manager" = dnf ]; then
    dnf install -y -q "$1"
  else
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q -o DPkg::Lock::Timeout=300 "$1"
  fi
}

# drop_package <package> <what came with it...>
drop_package() {
  manager=$(package_manager)
  if ! try_reason=$(remove_package "$@" 2>&1 < /dev/null); then
    complain "cannot remove $1 with $manager: $(last_line "$try_reason")"
    return 1
  fi
}

# dpkg itself, since apt-get would take along whatever else has come to need them.
remove_package() {
  if [ "$manager" = dnf ]; then dnf remove -y -q "$1"; else dpkg --purge --force-remove-reinstreq "$@"; fi
}

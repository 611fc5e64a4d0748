remove_host() {
  take_lock
  trap '' HUP PIPE
  remove_everything
  for folder in "$CONFIG" "$ROOT/opt/gpu-observability" "$STATE" "$LOGS"; do
    [ ! -e "$folder" ] || fail "cannot remove $folder: $(rm -rf "$folder" 2>&1 | head -n 1)"
  done
  say "removed"
}

# Units, users, packages, programs, queues and logs.
remove_everything() {
  removed_units=$(our_units)
  for unit in $removed_units; do
    systemctl stop "$unit" > /dev/null 2>&1 || :
    rm -f "$UNITS/$unit" "$WANTS/$unit"
  done
  if [ -n "$removed_units" ]; then
    systemctl daemon-reload
    # shellcheck disable=SC2086 # words
    systemctl reset-failed $removed_units > /dev/null 2>&1 || :
  fi
  remove_system_files
  remove_packages
  for user in $(getent passwd | sed -n 's/^\(gpuobs-[^:]*\):.*/\1/p'); do userdel "$user" > /dev/null 2>&1 || :; done
  rm -rf "$CONFIG" "$ROOT/opt/gpu-observability" "$STATE" "$LOGS" 2> /dev/null || :
}

# Those that this program installed; what the host had before stays.
remove_packages() {
  [ -f "$CONFIG/packages" ] || return 0
  while read -r package <&3; do
    if command -v apt-get > /dev/null; then
      DEBIAN_FRONTEND=noninteractive apt-get remove -y -q "$package" < /dev/null > /dev/null 2>&1 || :
    else
      dnf remove -y -q "$package" < /dev/null > /dev/null 2>&1 || :
    fi
  done 3< "$CONFIG/packages"
}

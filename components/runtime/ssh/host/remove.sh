remove_host() {
  take_lock
  trap '' HUP PIPE
  remove_everything
  [ "$TAKEN" = yes ] || fail "the rest was removed; mend what is said above and run it again"
  for folder in "$CONFIG" "$ROOT/opt/gpu-observability" "$STATE" "$LOGS"; do
    [ ! -e "$folder" ] || fail "cannot remove $folder: $(rm -rf "$folder" 2>&1 | head -n 1)"
  done
  say "removed"
}

# Units, images, packages, users, programs, queues and logs.
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
  # What a link that was being made leaves.
  rm -f "$UNITS"/gpu-observability-*.service.part "$WANTS"/gpu-observability-*.service.part
  remove_system_files
  prune_brought /dev/null
  rm -rf "$ROOT/opt/gpu-observability" "$STATE" "$LOGS" 2> /dev/null || :
  if [ "$TAKEN" = yes ]; then rm -rf "$CONFIG" 2> /dev/null || :; else keep_records; fi
}

# What could not be taken away is noted, and the program to try again with is a bundle's. Nothing else stays, secrets least.
keep_records() {
  for folder in "$CONFIG"/*; do
    case ${folder##*/} in
      bundles | current | images | packages | users) ;;
      *) rm -rf "$folder" ;;
    esac
  done
}

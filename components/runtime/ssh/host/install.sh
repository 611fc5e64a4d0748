# install_bundle <unpacked> <version>
install_bundle() {
  take_lock
  APPLIED=$(version_in_force)
  RESTARTED=
  STOPPED=
  CHANGED_SECRETS=
  STAGE=staged
  trap undo EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  trap '' HUP PIPE
  NEW=$BUNDLES/$2
  PLAN=$NEW/plan
  require_host
  drop_staged_secrets
  stage "$1" "$2"
  old_plan=$BUNDLES/$APPLIED/plan
  # After an apply that was killed nobody knows which units read what.
  DISTRUST=$REPAIRED
  if [ -f "$CONFIG/pending" ]; then DISTRUST=yes; fi
  CHANGED_UNITS=$(changed_units "$old_plan")
  put_in_force "$2"
  STAGE=nothing
  finish "$2"
}

# Whoever loses power may keep an empty file; the link then says it. A first apply that was killed has no file at all.
version_in_force() {
  if [ -s "$CONFIG/applied" ]; then cat "$CONFIG/applied"; return; fi
  [ ! -e "$CONFIG/applied" ] || readlink "$CONFIG/current" | sed 's/.*\///'
}

# Everything that can fail without touching what runs.
stage() {
  keep_bundle "$1" "$2"
  make_users
  get_programs
  get_packages
  get_images
  stage_secrets
  validate
}

put_in_force() {
  STAGE=switched
  try "cannot write $CONFIG/pending" cp "$PLAN" "$CONFIG/pending"
  commit_secrets
  point_to "$1"
  link_files "$PLAN"
  stop_unwanted "$PLAN"
  if [ "$LINKED" = yes ] || [ -n "$STOPPED" ] || [ "$APPLIED" != "$1" ]; then systemctl daemon-reload; fi
  install_system_files
  restart_changed
  check_health "$CHANGED_UNITS"
  try "cannot write $CONFIG/applied" record_version "$1"
}

record_version() { printf '%s\n' "$1" > "$CONFIG/applied.part" && mv -f "$CONFIG/applied.part" "$CONFIG/applied"; }

finish() {
  rm -f "$CONFIG/pending"
  drop_staged_secrets
  drop_unplanned
  previous=$APPLIED
  if [ "$previous" = "$1" ]; then previous=$(cat "$CONFIG/previous" 2> /dev/null || :); fi
  printf '%s\n' "$previous" > "$CONFIG/previous"
  prune_bundles "$1" "$previous"
  prune_programs "$PLAN" "$BUNDLES/$previous/plan"
  prune_brought "$PLAN" "$BUNDLES/$previous/plan"
  drop_dead_links
  if [ -z "$CHANGED_UNITS$STOPPED" ]; then say "version $1 is in force, nothing changed"; return; fi
  say "version $1 is in force; restarted:${CHANGED_UNITS:+ }${CHANGED_UNITS:- none}${STOPPED:+; stopped:$STOPPED}"
}

# Runs at every end of the program.
undo() {
  code=$?
  trap - EXIT
  case $STAGE in
    staged) abandon ;;
    switched) roll_back ;;
    *) ;;
  esac
  exit "$code"
}

# Nothing runs differently yet.
abandon() {
  if [ -z "$APPLIED" ]; then
    remove_everything
    return
  fi
  drop_staged_secrets
  in_force=$BUNDLES/$APPLIED/plan
  before=$BUNDLES/$(cat "$CONFIG/previous" 2> /dev/null)/plan
  # Without the plan in force, all that runs would be taken for what nobody needs.
  if [ -f "$in_force" ]; then
    prune_programs "$in_force" "$before"
    prune_brought "$in_force" "$before"
  fi
  [ "$NEW" = "$BUNDLES/$APPLIED" ] || rm -rf "$NEW" "$NEW.part"
}

roll_back() {
  restore_secrets
  if [ -z "$APPLIED" ]; then
    remove_everything
    [ "$TAKEN" = no ] || complain "this was the first version: everything of it was removed"
    return
  fi
  touched="$RESTARTED $STOPPED"
  point_to "$APPLIED"
  # It may have been written just before the end.
  record_version "$APPLIED" 2> /dev/null || :
  NEW=$BUNDLES/$APPLIED
  PLAN=$NEW/plan
  link_files "$PLAN"
  stop_unwanted "$PLAN"
  systemctl daemon-reload
  install_system_files
  CHANGED_UNITS=
  for unit in $(wanted_units "$PLAN"); do
    if holds "$touched" "$unit"; then CHANGED_UNITS="$CHANGED_UNITS $unit"; fi
  done
  if (restart_changed && check_health "$CHANGED_UNITS"); then
    complain "switched back to version $APPLIED, which runs"
    rm -f "$CONFIG/pending"
  else
    complain "switched back to version $APPLIED, which does not run either"
  fi
  drop_staged_secrets
  before=$(cat "$CONFIG/previous" 2> /dev/null)
  prune_bundles "$APPLIED" "$before"
  prune_programs "$PLAN" "$BUNDLES/$before/plan"
  prune_brought "$PLAN" "$BUNDLES/$before/plan"
  drop_dead_links
}

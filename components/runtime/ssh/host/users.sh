# A user of its own for every service; a number is taken once and stays.
make_users() {
  # Hosts of before users were noted: those of the version in force are ours.
  if [ -n "$APPLIED" ] && [ ! -f "$CONFIG/users" ]; then
    for user in $(second_words "$BUNDLES/$APPLIED/plan" user); do note users "$user"; done
  fi
  try "cannot write $CONFIG/users, nothing was changed" touch "$CONFIG/users"
  for user in $(second_words "$PLAN" user); do
    id -u "$user" > /dev/null 2>&1 && continue
    note users "$user"
    try "cannot make the user $user, nothing was changed" \
      useradd --system --user-group --no-create-home --home-dir / --shell /usr/sbin/nologin "$user"
  done
}

# drop_user <user>: one that runs something else by now stays.
drop_user() {
  id -u "$1" > /dev/null 2>&1 || return 0
  if ! try_reason=$(userdel "$1" 2>&1); then
    complain "cannot remove the user $1: $(last_line "$try_reason")"
    return 1
  fi
  # Not every distribution takes the group of the same name along.
  if getent group "$1" > /dev/null 2>&1; then groupdel "$1" > /dev/null 2>&1 || :; fi
}

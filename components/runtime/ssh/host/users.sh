# A user of its own for every service; a number is taken once and stays.
make_users() {
  for user in $(second_words "$PLAN" user); do
    id -u "$user" > /dev/null 2>&1 && continue
    try "cannot make the user $user, nothing was changed" \
      useradd --system --user-group --no-create-home --home-dir / --shell /usr/sbin/nologin "$user"
  done
}

# drop_users <plan kept> <plan dropped>
drop_users() {
  kept=$(second_words "$1" user)
  for user in $(second_words "$2" user); do
    holds "$kept" "$user" || userdel "$user" > /dev/null 2>&1 || :
  done
}

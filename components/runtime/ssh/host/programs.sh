architecture() {
  case $(uname -m) in
    x86_64) echo amd64 ;;
    aarch64) echo arm64 ;;
    *) uname -m ;;
  esac
}

# fetch <url> <file>: what came over https is not redirected to less.
fetch() {
  if command -v curl > /dev/null; then
    case $1 in https:*) onward=https ;; *) onward=http,https ;; esac
    curl --fail --silent --show-error --proto-redir "=$onward" --location --retry 3 --connect-timeout 15 --speed-limit 1024 --speed-time 60 --output "$2" "$1"
  else
    wget -q -T 30 -t 3 -O "$2" "$1"
  fi
}

# Every program of the plan that is not there yet.
get_programs() {
  here=$(architecture)
  for key in $(second_words "$PLAN" program | tr ' ' '\n' | sort -u); do
    found=no
    while read -r kind line_key name arch source location sum list member <&3; do
      [ "$kind $line_key $arch" = "program $key $here" ] || continue
      found=yes
      [ -x "$PROGRAMS/$key/bin/$name" ] || get_program
    done 3< "$PLAN"
    [ "$found" = yes ] || fail "$key: there is no build of it for this host's processor, $here; nothing was changed"
  done
}

get_program() {
  part=$PROGRAMS/$key.part
  rm -rf "$part"
  try "cannot keep $name in $PROGRAMS, nothing was changed" mkdir -p "$part/bin"
  if [ "$source" = present ]; then take_present; else take_archive; fi
  chmod 0755 "$part/bin/$name"
  label_program
  try "cannot keep $name in $PROGRAMS, nothing was changed" mv "$part" "$PROGRAMS/$key"
}

# SELinux lets systemd start what is labelled so; a policy that knows nothing of /opt is overruled.
label_program() {
  case $(getenforce 2> /dev/null) in
    Enforcing | Permissive) ;;
    *) return 0 ;;
  esac
  restorecon -R "$part" > /dev/null 2>&1 || :
  case $(stat -c %C "$part/bin/$name" 2> /dev/null) in
    *:bin_t:*) ;;
    *) try "cannot label $name for SELinux, nothing was changed" chcon -t bin_t "$part/bin/$name" ;;
  esac
}

take_present() {
  [ -f "$location" ] || fail "$name: $location is not on this host; nothing was changed"
  require_sum "$location" "$sum"
  try "cannot keep $name in $PROGRAMS, nothing was changed" cp "$location" "$part/bin/$name"
}

take_archive() {
  file=$part/${location##*/}
  try "cannot fetch $location, nothing was changed" fetch "$location" "$file"
  if [ "$sum" = - ]; then
    try "cannot fetch $list, nothing was changed" fetch "$list" "$part/checksums"
    sum=$(awk -v name="${location##*/}" '{ file = $2; sub(/^[*]/, "", file); sub(/^[.]\//, "", file) } file == name { print $1 }' "$part/checksums")
    case $sum in *[!0-9a-fA-F]*) sum= ;; esac
    [ -n "$sum" ] || fail "$list names no checksum of ${location##*/}; nothing was changed"
    rm -f "$part/checksums"
  fi
  require_sum "$file" "$sum"
  if [ "$member" = - ]; then
    mv "$file" "$part/bin/$name"
    return
  fi
  mkdir "$part/unpacked"
  try "cannot unpack $location, nothing was changed" tar -xzf "$file" -C "$part/unpacked" --no-same-owner
  # The publisher's leading folder carries the version: the member is a pattern.
  for match in "$part/unpacked"/$member; do
    [ -f "$match" ] || fail "$location holds no $member; nothing was changed"
    mv "$match" "$part/bin/$name"
  done
  rm -rf "$part/unpacked" "$file"
}

# require_sum <file> <sha256>
require_sum() {
  got=$(sha256sum "$1")
  got=${got%% *}
  [ "$got" = "$2" ] || fail "wrong checksum of ${1##*/}: expected $2, got $got; nothing was changed"
}

# prune_programs <plan> <plan>: keeps what the two plans run.
prune_programs() {
  kept="$(second_words "$1" program) $(second_words "$2" program)"
  for folder in "$PROGRAMS"/*; do
    holds "$kept" "${folder##*/}" || rm -rf "$folder"
  done
}

architecture() {
  case $(uname -m) in
    x86_64) echo amd64 ;;
    aarch64) echo arm64 ;;
    *) uname -m ;;
  esac
}

# fetch <url> <file>
fetch() {
  if command -v curl > /dev/null; then
    curl --fail --silent --show-error --location --retry 3 --connect-timeout 15 --speed-limit 1024 --speed-time 60 --output "$2" "$1"
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
  if command -v restorecon > /dev/null; then restorecon -R "$part" > /dev/null 2>&1 || :; fi
  try "cannot keep $name in $PROGRAMS, nothing was changed" mv "$part" "$PROGRAMS/$key"
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

# NVIDIA's package, from the repositories this host already has.
get_packages() {
  while read -r kind package program <&3; do
    [ "$kind" = package ] || continue
    [ ! -x "$ROOT$program" ] || continue
    if command -v apt-get > /dev/null; then
      try "cannot install $package, nothing was changed" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q "$package" < /dev/null
    elif command -v dnf > /dev/null; then
      try "cannot install $package, nothing was changed" dnf install -y -q "$package" < /dev/null
    else
      fail "this host has neither apt-get nor dnf to install $package; nothing was changed"
    fi
    [ -x "$ROOT$program" ] || fail "$package brought no $program; nothing was changed"
    echo "$package" >> "$CONFIG/packages"
  done 3< "$PLAN"
}

# prune_programs <plan> <plan>: keeps what the two plans run.
prune_programs() {
  kept="$(second_words "$1" program) $(second_words "$2" program)"
  for folder in "$PROGRAMS"/*; do
    holds "$kept" "${folder##*/}" || rm -rf "$folder"
  done
}

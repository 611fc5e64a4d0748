# Images of services that run in containers, fetched before anything is switched.
get_images() {
  while read -r kind engine image <&3; do
    [ "$kind" = image ] || continue
    client=$ROOT/usr/bin/$engine
    [ -x "$client" ] || fail "this host has no /usr/bin/$engine to run $image; nothing was changed"
    "$client" image inspect "$image" > /dev/null 2>&1 < /dev/null && continue
    note images "$engine $image"
    try_last "cannot pull the image $image with $engine, nothing was changed" "$client" pull --quiet "$image"
  done 3< "$PLAN"
}

# drop_image <engine> <image>: one that another container uses is refused by the engine, and is then not ours to take.
drop_image() {
  "$ROOT/usr/bin/$1" image rm "$2" > /dev/null 2>&1 < /dev/null || :
}

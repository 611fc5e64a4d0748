# Seconds after which an engine counts as hung, and an image as one that does not come: a host that waits for ever holds
# up everybody behind it.
ASK_SECONDS=60
PULL_SECONDS=1800

# Images of services that run in containers, fetched before anything is switched.
get_images() {
  while read -r kind engine image <&3; do
    [ "$kind" = image ] || continue
    client=$ROOT/usr/bin/$engine
    [ -x "$client" ] || fail "this host has no /usr/bin/$engine to run $image; nothing was changed"
    if has_image; then continue; fi
    # An engine that was down said no, too: what was there before must not be noted, and go with the host.
    try_last "cannot ask $engine for the image $image, nothing was changed" within "$ASK_SECONDS" "$client" image ls --quiet
    if has_image; then continue; fi
    note images "$engine $image"
    try_last "cannot pull the image $image with $engine, nothing was changed" within "$PULL_SECONDS" "$client" pull --quiet "$image"
  done 3< "$PLAN"
}

has_image() {
  within "$ASK_SECONDS" "$client" image inspect "$image" > /dev/null 2>&1 < /dev/null
}

# drop_image <engine> <image>: one that another container uses is refused by the engine, and is then not ours to take.
drop_image() {
  within "$ASK_SECONDS" "$ROOT/usr/bin/$1" image rm "$2" > /dev/null 2>&1 < /dev/null || :
}

# within <seconds> <command...>: a program that is stopped does not say why.
within() {
  limit=$1
  shift
  timeout -k 10 "$limit" "$@"
  ended=$?
  case $ended in 124 | 137) echo "not done within $limit s" ;; *) ;; esac
  return "$ended"
}

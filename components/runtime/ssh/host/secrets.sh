# Secrets come on standard input: `secret <workload>/<path> <base64>`, after a line that marks their begin and before
# one that marks their end. They never stand in an argument, a log line or the bundle.

# Stages every secret of the plan beside its place; CHANGED_SECRETS are the files that differ, SECRET_UNITS their readers.
stage_secrets() {
  CHANGED_SECRETS=
  SECRET_UNITS=
  heard=no
  while read -r word path data; do
    case $word in
      gpu-observability-secrets) heard=yes ;;
      secret) if [ "$heard" = yes ]; then stage_secret; fi ;;
      end) heard=ended ;;
      *) ;;
    esac
  done
  data=
  [ "$heard" != yes ] || fail "the secrets stop in the middle; nothing was changed"
  while read -r kind path user unit <&3; do
    [ "$kind" = secret ] || continue
    [ -f "$CONFIG/$path" ] || [ -f "$CONFIG/$path.new" ] || fail "the secret $path was not delivered; nothing was changed"
  done 3< "$PLAN"
}

stage_secret() {
  owner=
  while read -r kind planned user unit <&3; do
    if [ "$kind" = secret ] && [ "$planned" = "$path" ]; then
      owner=$user
      reader=$unit
    fi
  done 3< "$PLAN"
  [ -n "$owner" ] || return 0
  folder=$CONFIG/${path%/*}
  try "cannot keep the secret $path, nothing was changed" mkdir -p "$folder"
  chgrp "$owner" "$folder" && chmod 0750 "$folder"
  # `printf` is part of the shell: no other process sees the text.
  if ! try_reason=$( (umask 077 && printf '%s' "$data" | base64 -d > "$CONFIG/$path.new") 2>&1); then
    fail "cannot keep the secret $path, nothing was changed: ${try_reason##*: }"
  fi
  if cmp -s "$CONFIG/$path.new" "$CONFIG/$path"; then
    rm -f "$CONFIG/$path.new"
    return 0
  fi
  try "cannot give the secret $path to $owner, nothing was changed" chown "$owner" "$CONFIG/$path.new"
  chmod 0600 "$CONFIG/$path.new"
  CHANGED_SECRETS="$CHANGED_SECRETS $path"
  SECRET_UNITS="$SECRET_UNITS $reader"
}

commit_secrets() {
  for path in $CHANGED_SECRETS; do
    if [ -f "$CONFIG/$path" ]; then ln -f "$CONFIG/$path" "$CONFIG/$path.old"; fi
    mv -f "$CONFIG/$path.new" "$CONFIG/$path"
  done
}

restore_secrets() {
  for path in $CHANGED_SECRETS; do
    if [ -f "$CONFIG/$path.old" ]; then mv -f "$CONFIG/$path.old" "$CONFIG/$path"; else rm -f "$CONFIG/$path"; fi
  done
}

# What an interrupted apply left.
drop_staged_secrets() {
  for folder in "$CONFIG"/*/tls "$CONFIG"/*/secrets; do
    rm -f "$folder"/*.new "$folder"/*.old
  done
}

# Files and data of workloads that are not in the plan any more.
drop_unplanned() {
  for folder in "$CONFIG"/*/ "$STATE"/*/; do
    workload=${folder%/}
    workload=${workload##*/}
    if holds "bundles current" "$workload"; then continue; fi
    if ! grep -q "^unit [^ ]* [^ ]* [^ ]* $workload " "$PLAN"; then rm -rf "${CONFIG:?}/$workload" "${STATE:?}/$workload"; fi
  done
}

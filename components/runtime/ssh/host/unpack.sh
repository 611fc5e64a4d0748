# Whether every file of a bundle is there and is what its manifest says; REASON tells which is not.
verify_bundle() {
  REASON="no manifest"
  [ -f "$1/manifest" ] || return 1
  REASON=$(cd "$1" && sha256sum --check --quiet --strict manifest 2>&1)
}

# keep_bundle <unpacked> <version>: puts it beside the other versions.
keep_bundle() {
  NEW=$BUNDLES/$2
  PLAN=$NEW/plan
  REPAIRED=no
  verify_bundle "$1" || fail "the bundle is incomplete, nothing was changed: $REASON"
  [ "$1" != "$NEW" ] || return 0
  if verify_bundle "$NEW"; then return 0; fi
  if [ -d "$NEW" ]; then REPAIRED=yes; fi
  rm -rf "$NEW.part" "$NEW.bad"
  try "cannot keep the bundle in $BUNDLES, nothing was changed" mkdir -p "$BUNDLES"
  try "cannot keep the bundle in $BUNDLES, nothing was changed" cp -R "$1" "$NEW.part"
  chmod -R u=rwX,go=rX "$NEW.part"
  verify_bundle "$NEW.part" || fail "the bundle was not kept whole in $BUNDLES, nothing was changed: $REASON"
  if [ -d "$NEW" ]; then mv "$NEW" "$NEW.bad"; fi
  try "cannot keep the bundle in $BUNDLES" mv "$NEW.part" "$NEW"
  rm -rf "$NEW.bad"
}

# Keeps the versions that run and that ran before; the others go.
prune_bundles() {
  for folder in "$BUNDLES"/*; do
    case ${folder##*/} in
      "$1" | "$2") ;;
      *) rm -rf "$folder" ;;
    esac
  done
}

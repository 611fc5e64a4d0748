# Files outside of the platform's own folders: the kernel's messages and the rotation of their log.
install_system_files() {
  while read -r kind source destination when restarts <&3; do
    [ "$kind" = system ] || continue
    if ! wanted "$when"; then continue; fi
    prepare_log_folder
    cmp -s "$NEW/$source" "$ROOT$destination" && continue
    try "cannot write $destination" mkdir -p "$ROOT${destination%/*}"
    try "cannot write $destination" cp "$NEW/$source" "$ROOT$destination.gpu-observability"
    try "cannot write $destination" mv -f "$ROOT$destination.gpu-observability" "$ROOT$destination"
    [ "$restarts" = - ] || systemctl try-restart "$restarts" > /dev/null 2>&1 || :
  done 3< "$PLAN"
}

# Written by whoever rsyslog runs as (root, or syslog of the group adm), read by the agent (group adm).
prepare_log_folder() {
  chgrp adm "$LOGS" && chmod 2770 "$LOGS"
}

remove_system_files() {
  rm -f "$ROOT/etc/logrotate.d/gpu-observability"
  if [ -f "$ROOT/etc/rsyslog.d/40-gpu-observability.conf" ]; then
    rm -f "$ROOT/etc/rsyslog.d/40-gpu-observability.conf"
    systemctl try-restart rsyslog.service > /dev/null 2>&1 || :
  fi
}

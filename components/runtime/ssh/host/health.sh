# http_get <url>
http_get() {
  if command -v curl > /dev/null; then
    curl --fail --silent --max-time 5 --noproxy '*' --output /dev/null "$1" 2> /dev/null
  else
    wget -q -T 5 -t 1 --no-proxy -O /dev/null "$1" 2> /dev/null
  fi
}

# post_json <url> <text>
post_json() {
  if command -v curl > /dev/null; then
    curl --fail --silent --max-time 10 --noproxy '*' --output /dev/null -H 'Content-Type: application/json' --data "$2" "$1" 2> /dev/null
  else
    wget -q -T 10 -t 1 --no-proxy -O /dev/null --header 'Content-Type: application/json' --post-data "$2" "$1" 2> /dev/null
  fi
}

# A span that the agent must take (S0-55); every change of an agent leaves one in the trace backend.
canary_span() {
  id=$(tr -d - < /proc/sys/kernel/random/uuid)
  now=$(date +%s)
  printf '{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"gpu-observability-apply"}}]},"scopeSpans":[{"spans":[{"traceId":"%s","spanId":"%s","name":"apply","kind":1,"startTimeUnixNano":"%s000000000","endTimeUnixNano":"%s000000001"}]}]}]}' \
    "$id" "$(printf '%s' "$id" | cut -c 1-16)" "$now" "$now"
}

# check_health <units>: asks those units, and what of the plan is nobody's unit.
check_health() {
  own=$(wanted_units "$PLAN")
  while read -r kind unit first second <&3; do
    if holds "$own" "$unit" && ! holds "$1" "$unit"; then continue; fi
    case $kind in
      health) wait_for "$unit" "$first" "$second" ;;
      canary) post_json "$first" "$(canary_span)" || fail_unit "$unit" "took no span at $first" ;;
      *) ;;
    esac
  done 3< "$PLAN"
  for unit in $1; do
    systemctl is-active --quiet "$unit" || fail_unit "$unit" "does not stay up"
  done
}

# wait_for <unit> <seconds> <url>
wait_for() {
  left=$2
  # The count goes on from the version before.
  restarts_before=$(restarts_of "$1")
  until http_get "$3"; do
    if [ "$(restarts_of "$1")" -ge $((restarts_before + 2)) ]; then fail_unit "$1" "ends again and again"; fi
    left=$((left - 1))
    if [ "$left" -le 0 ]; then fail_unit "$1" "did not answer $3 within $2 s"; fi
    sleep 1
  done
}

restarts_of() {
  count=$(systemctl show --property NRestarts --value "$1" 2> /dev/null)
  echo "${count:-0}"
}

# fail_unit <unit> <what>: with the end of its journal.
fail_unit() {
  complain "$1 $2; the end of its journal:"
  journalctl --unit "$1" --lines 12 --no-pager --output cat 2> /dev/null | sed 's/^/    /' >&2 || :
  exit 1
}

# The collector judges its own configuration before anything is switched.
validate() {
  while read -r kind workload program words <&3; do
    [ "$kind" = validate ] || continue
    set --
    for word in $words; do
      case $word in
        *=@/*) set -- "$@" "${word%%@*}$NEW${word#*@}" ;;
        *) set -- "$@" "$word" ;;
      esac
    done
    if ! try_reason=$(timeout 60 "$PROGRAMS/$program" "$@" 2>&1 < /dev/null); then
      fail "the configuration of $workload is not valid, nothing was changed: $try_reason"
    fi
  done 3< "$PLAN"
}

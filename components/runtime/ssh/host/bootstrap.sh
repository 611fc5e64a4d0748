# Runs as root in the home folder of the connection: <version> <sha256 of the upload>.
# No apostrophe may stand here: the connection passes this text in a pair of them.
set -u
root=${GPU_OBSERVABILITY_ROOT:-}
home=$root/etc/gpu-observability
stop() { echo "gpu-observability: $*" >&2; exit 1; }
[ "$(id -u)" -eq 0 ] || [ -n "$root" ] || stop "$(id -un) is not root on this host, nothing was changed: set ssh.sudo of the stack, or connect as root"
upload=gpu-observability-$1.tar
# /run is memory: a full disk is found by apply, which says which.
work=$(mkdir -p "$root/run" && mktemp -d "$root/run/gpu-observability.XXXXXX") || stop "no folder can be made in /run; nothing was changed"
clean() { rm -rf "$work"; }
trap clean EXIT
# Checked in a folder of root alone, so nobody changes it between the check and its use.
if cp "$upload" "$work/bundle.tar" 2>/dev/null && echo "$2  $work/bundle.tar" | sha256sum --check --status; then
  mkdir "$work/bundle"
  tar -xf "$work/bundle.tar" -C "$work/bundle" --no-same-owner || stop "the bundle cannot be unpacked; nothing was changed"
  sh "$work/bundle/apply" install "$work/bundle" "$1" || exit
elif [ -f "$home/bundles/$1/apply" ]; then
  sh "$home/bundles/$1/apply" install "$home/bundles/$1" "$1" || exit
else
  bytes=$(wc -c 2>/dev/null < "$upload")
  stop "$upload is not the bundle that was sent: ${bytes:-0} bytes, another checksum; nothing was changed. Send another: change a label of this host in the stack, then bring it up again"
fi
# The upload in force stays, since it mends a version that somebody damaged.
for old in gpu-observability-*.tar; do
  [ "$old" = "$upload" ] || rm -f "$old"
done

# Runs as root in the home folder of the connection: <name of the host>. No apostrophe may stand here, as in bootstrap.sh.
set -u
root=${GPU_OBSERVABILITY_ROOT:-}
home=$root/etc/gpu-observability
[ "$(id -u)" -eq 0 ] || [ -n "$root" ] || { echo "gpu-observability: $(id -un) is not root on this host, nothing was removed: set ssh.sudo of the stack, or connect as root" >&2; exit 1; }
# The plugin sends the secrets here, too, and where they are left unread it may take a removal that went well for a failure.
[ -t 0 ] || cat > /dev/null
# Under a new name the same machine is another host to the engine, which installs that first and removes the old one last.
owner=$(sed -n "s/^host //p" "$home/current/plan" 2> /dev/null)
if [ -n "${1:-}" ] && [ -n "$owner" ] && [ "$owner" != "$1" ]; then
  echo "this machine is $owner by now: nothing is left of $1"
  exit 0
fi
rm -f gpu-observability-*.tar
# A first apply that was killed has no version in force: any whole bundle knows how to remove what it began.
for apply in "$home/current/apply" "$home"/bundles/*/apply; do
  case $apply in *.part/apply | *.bad/apply) continue ;; esac
  if [ -f "$apply" ]; then exec sh "$apply" remove; fi
done
# Killed before its bundle was kept: there are folders and no more.
found=no
for folder in "$home" "$root/opt/gpu-observability" "$root/var/lib/gpu-observability" "$root/var/log/gpu-observability"; do
  if [ -e "$folder" ]; then found=yes; rm -rf "$folder" || exit; fi
done
if [ "$found" = yes ]; then echo removed; else echo "nothing to remove"; fi

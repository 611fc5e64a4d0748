# Runs as root in the home folder of the connection. No apostrophe may stand here, as in bootstrap.sh.
rm -f gpu-observability-*.tar
apply=${GPU_OBSERVABILITY_ROOT:-}/etc/gpu-observability/current/apply
if [ -f "$apply" ]; then exec sh "$apply" remove; fi
echo "nothing to remove"

case ${1:-} in
  install) install_bundle "$2" "$3" ;;
  remove) remove_host ;;
  *) fail "usage: apply install <unpacked bundle> <version> | apply remove" ;;
esac

#!/bin/sh
# Sets a Linux machine with radvd up as the router of a case:
#
#   radvd.sh reset|stop FOLDER WAY…
#
# FOLDER is for its configuration, log and process id, on that machine; WAY… is the
# command that gets there: `ip netns exec iut`, `ssh root@router`.
set -eu
what=$1 folder=$2
shift 2

stop="
mkdir -p '$folder'
if [ -s '$folder/radvd.pid' ]; then
    id=\$(cat '$folder/radvd.pid')
    kill \"\$id\" 2> /dev/null || true
    # One that has ended and that nobody has asked for still has its number.
    while grep -qs '^State:.[^ZX]' /proc/\$id/status; do sleep 0.02; done
    rm -f '$folder/radvd.pid'
fi"

if [ "$what" = stop ]; then
    "$@" sh -s <<EOF
$stop
EOF
    exit
fi

mip6() { "${MIP6:-mip6}" node "$MIP6_ROLE" --config "$MIP6_CONFIG" --print "$1"; }
addresses=$(mip6 ip)
# What radvd cannot be told is no case for it.
config=$(mip6 radvd) || exit 77
"$@" sh -s <<EOF
set -eu
$stop
$addresses
cat > '$folder/radvd.conf' <<END
$config
END
radvd --configtest -C '$folder/radvd.conf' -m stderr -d 0
radvd -C '$folder/radvd.conf' -p '$folder/radvd.pid' -m logfile -l '$folder/radvd.log' ||
    { cat '$folder/radvd.log' >&2; exit 1; }
EOF

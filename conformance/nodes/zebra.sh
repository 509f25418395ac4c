#!/bin/sh
# Sets a Linux machine with FRR's zebra up as the router of a case:
#
#   zebra.sh reset|stop FOLDER WAY…
#
# FOLDER is for its configuration, sockets, log and process id, on that machine; WAY… is
# the command that gets there: `ip netns exec iut`, `ssh root@router`.
set -eu
what=$1 folder=$2
shift 2

stop="
mkdir -p '$folder'
if [ -s '$folder/zebra.pid' ]; then
    id=\$(cat '$folder/zebra.pid')
    kill \"\$id\" 2> /dev/null || true
    # One that has ended and that nobody has asked for still has its number.
    while grep -qs '^State:.[^ZX]' /proc/\$id/status; do sleep 0.02; done
    rm -f '$folder/zebra.pid'
fi"

if [ "$what" = stop ]; then
    "$@" sh -s <<EOF
$stop
EOF
    exit
fi

mip6() { "${MIP6:-mip6}" node "$MIP6_ROLE" --config "$MIP6_CONFIG" --print "$1"; }
addresses=$(mip6 ip)
# What zebra cannot be told is no case for it.
config=$(mip6 zebra) || exit 77
"$@" sh -s <<EOF
set -eu
$stop
# zebra gives root's rights up for those of user frr.
chown frr '$folder'
$addresses
cat > '$folder/zebra.conf' <<END
log file $folder/zebra.log
$config
END
/usr/lib/frr/zebra -d -P 0 -f '$folder/zebra.conf' \
    -i '$folder/zebra.pid' -z '$folder/zebra.sock' --vty_socket '$folder' ||
    { echo 'zebra does not start' >&2; exit 1; }
EOF

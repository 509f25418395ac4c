#!/bin/sh
# Sets a Linux machine with radvd or FRR's zebra up as the router of a case:
#
#   router.sh radvd|zebra reset|stop FOLDER WAY…
#
# FOLDER is for its configuration, sockets, log and process id, on that machine; WAY… is
# the command that gets there: `ip netns exec iut`, `ssh root@router`.
set -eu
program=$1 what=$2 folder=$3
shift 3

case $program in
radvd)
    start="
radvd --configtest -C '$folder/radvd.conf' -m stderr -d 0
radvd -C '$folder/radvd.conf' -p '$folder/radvd.pid' -m logfile -l '$folder/radvd.log' ||
    { cat '$folder/radvd.log' >&2; exit 1; }" ;;
zebra)
    # zebra gives root's rights up for those of user frr.
    start="
chown frr '$folder'
echo 'log file $folder/zebra.log' >> '$folder/zebra.conf'
/usr/lib/frr/zebra -d -P 0 -f '$folder/zebra.conf' \\
    -i '$folder/zebra.pid' -z '$folder/zebra.sock' --vty_socket '$folder' ||
    { echo 'zebra does not start' >&2; exit 1; }" ;;
*)
    echo "router.sh: expected radvd or zebra, found $program" >&2
    exit 2 ;;
esac

stop="
mkdir -p '$folder'
if [ -s '$folder/$program.pid' ]; then
    id=\$(cat '$folder/$program.pid')
    kill \"\$id\" 2> /dev/null || true
    # One that has ended and that nobody has asked for still has its number.
    while grep -qs '^State:.[^ZX]' /proc/\$id/status; do sleep 0.02; done
    rm -f '$folder/$program.pid'
fi"

if [ "$what" = stop ]; then
    "$@" sh -s <<END_OF_INPUT
$stop
END_OF_INPUT
    exit
fi

mip6() { "${MIP6:-mip6}" node "$MIP6_ROLE" --config "$MIP6_CONFIG" --print "$1"; }
addresses=$(mip6 ip)
# What the program cannot be told is no case for it.
config=$(mip6 "$program") || exit 77
"$@" sh -s <<END_OF_INPUT
set -eu
$stop
$addresses
cat > '$folder/$program.conf' <<END
$config
END
$start
END_OF_INPUT

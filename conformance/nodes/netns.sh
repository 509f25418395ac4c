#!/bin/sh
# A network namespace for a node under test, joined to this one:
#
#   netns.sh up NAME [PAIRS]     makes it, with interfaces net0, net1 … (4 if not said),
#                                each joined to NAME0, NAME1 … here
#   netns.sh down NAME           takes it away
#
# In it, net0 has the link-layer address 02:00:5e:10:00:00, net1 ends with 01, and so on.
set -eu
what=$1 name=$2 pairs=${3:-4}
case $what in
up)
    ip netns add "$name"
    ip -n "$name" link set lo up
    i=0
    while [ "$i" -lt "$pairs" ]; do
        ip link add "$name$i" type veth peer name "net$i" netns "$name"
        # Neither end is to speak for itself before somebody says what it is.
        sysctl -qw "net.ipv6.conf.$name$i.disable_ipv6=1"
        ip link set "$name$i" up
        ip -n "$name" link set "net$i" address "02:00:5e:10:00:0$i"
        ip netns exec "$name" sysctl -qw "net.ipv6.conf.net$i.accept_ra=0" \
            "net.ipv6.conf.net$i.accept_dad=0" "net.ipv6.conf.net$i.dad_transmits=0"
        ip -n "$name" link set "net$i" up
        i=$((i + 1))
    done
    ;;
down)
    ip netns del "$name"
    ;;
*)
    echo "usage: netns.sh up NAME [PAIRS] | netns.sh down NAME" >&2
    exit 2
    ;;
esac

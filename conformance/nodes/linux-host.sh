#!/bin/sh
# Makes an interface of a Linux machine that of a host which has just come to a link: it
# knows nobody, and forms its addresses of what routers advertise (RFC 4862).
#
#   linux-host.sh INTERFACE WAY…      WAY… is the command that gets to the machine
set -eu
dev=$1
shift
"$@" sh -s <<EOF
set -eu
ip link set dev $dev down
cd /proc/sys/net/ipv6/conf/$dev
echo 0 > forwarding
echo 1 > accept_ra
# Of the link-layer address (RFC 4291 appendix A), and no others.
echo 0 > addr_gen_mode
echo 0 > use_tempaddr
# It has its addresses at once: what duplicate address detection finds is not asked here.
echo 0 > accept_dad
echo 0 > dad_transmits
ip link set dev $dev up
EOF

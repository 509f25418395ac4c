#!/bin/sh
# Starts a reference node that stays until it is stopped:
#
#   node.sh ROLE FILE WAY…      FILE is beside this script; WAY… is the command that
#                               gets to the node: `ip netns exec iut`
set -eu
role=$1 file=$(dirname "$0")/$2
shift 2
exec "$@" "${MIP6:-mip6}" node "$role" --config "$file"

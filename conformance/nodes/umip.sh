#!/bin/sh
# Sets a Linux machine with UMIP's mip6d up as the home agent of a case:
#
#   umip.sh reset|stop FOLDER WAY…
#
# FOLDER is for its configuration and process id, on that machine; WAY… is the command
# that gets there: `ip netns exec iut`, `ssh root@agent`. mip6d makes the security
# policies itself, of the IPsecPolicy lines in umip.conf; the associations come of the
# case. radvd advertises what it is.
set -eu
what=$1 folder=$2
here=$(dirname "$0")
shift 2

stop="
mkdir -p '$folder'
for daemon in mip6d radvd; do
    [ -s '$folder'/\$daemon.pid ] || continue
    id=\$(cat '$folder'/\$daemon.pid)
    kill \"\$id\" 2> /dev/null || true
    # One that has ended and that nobody has asked for still has its number.
    while grep -qs '^State:.[^ZX]' /proc/\$id/status; do sleep 0.02; done
    rm -f '$folder'/\$daemon.pid
done
ip xfrm state flush
ip xfrm policy flush"

if [ "$what" = stop ]; then
    "$@" sh -s <<EOF
$stop
EOF
    exit
fi

mip6() { "${MIP6:-mip6}" node "$MIP6_ROLE" --config "$MIP6_CONFIG" --print "$1"; }
addresses=$(mip6 ip)
config=$(mip6 radvd) || exit 77
all=$(mip6 xfrm) || exit 77
associations=$(echo "$all" | grep '^ip xfrm state add' || true)
"$@" sh -s <<EOF
set -eu
$stop
$addresses
$associations
cat > '$folder/radvd.conf' <<END
$config
END
cat > '$folder/mip6d.conf' <<'END'
$(grep -v '^#' "$here/umip.conf")
END
radvd --configtest -C '$folder/radvd.conf' -m stderr -d 0
radvd -C '$folder/radvd.conf' -p '$folder/radvd.pid' -m logfile -l '$folder/radvd.log'
setsid mip6d -c '$folder/mip6d.conf' -l '$folder/mip6d.log' < /dev/null &
echo \$! > '$folder/mip6d.pid'
EOF

#!/bin/sh
# First program inside the sandbox: hides the host's /run and /tmp, keeps the folders it was told
# to keep even where they lie below those two, brings up loopback, and becomes the runner.
# FAILOVER_LAB_KEEP lists the folders, one a line.
set -eu

# A descriptor holds each folder while a tmpfs is laid over the path that led to it.
descriptor=4
IFS='
'
for folder in $FAILOVER_LAB_KEEP; do
  descriptor=$((descriptor + 1))
  eval "exec $descriptor<\"\$folder\""
done

# Without -n, mount would first make a folder of its own in the host's /run, which is still in sight.
mount -n -t tmpfs -o mode=755 failover-lab-run /run
mount -n -t tmpfs -o mode=1777 failover-lab-tmp /tmp

descriptor=4
for folder in $FAILOVER_LAB_KEEP; do
  descriptor=$((descriptor + 1))
  case "$folder" in
    /run/* | /tmp/*)
      mkdir -p "$folder"
      # Without -c, mount would follow the link to the path that is now hidden.
      mount -n -c --bind "/proc/$$/fd/$descriptor" "$folder"
      ;;
  esac
  eval "exec $descriptor<&-"
done
unset FAILOVER_LAB_KEEP IFS

mkdir -p /run/lab/home /run/openvswitch
mount -n -t sysfs failover-lab-sys /sys 2>/dev/null || true
# By the system call: the file of that name in /proc belongs to the real root, also in a user namespace.
hostname failover-lab
# On the host's own network nothing is set that is not the lab's.
[ -n "${FAILOVER_LAB_ON_HOST:-}" ] || ip link set lo up
unset FAILOVER_LAB_ON_HOST
exec "$@"

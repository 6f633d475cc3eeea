#!/bin/sh
# First program inside the sandbox: hides the host's /run and /tmp, keeps the folders it was told
# to keep even where they lie below those two, brings up loopback, and becomes the runner.
# FAILOVER_LAB_KEEP lists the folders, one a line.
set -eu
# A folder's name is not a pattern.
set -f

# Each kept folder and, on the next line, where it really is: links are followed while they can be.
kept=
IFS='
'
for folder in $FAILOVER_LAB_KEEP; do
  case "$folder" in
    /run/* | /tmp/*)
      kept="$kept$folder
$(readlink -f -- "$folder")
"
      ;;
  esac
done

# What was below /run and /tmp stays reachable through these two, however many folders there are:
# dash takes no descriptor above 9.
exec 5</run 6</tmp
# Without -n, mount would first make a folder of its own in the host's /run, which is still in sight.
mount -n -t tmpfs -o mode=755 failover-lab-run /run
mount -n -t tmpfs -o mode=1777 failover-lab-tmp /tmp

folder=
for line in $kept; do
  if [ -z "$folder" ]; then
    folder=$line
    continue
  fi
  case "$line" in
    /run/*) source="/proc/$$/fd/5/${line#/run/}" ;;
    /tmp/*) source="/proc/$$/fd/6/${line#/tmp/}" ;;
    *) source=$line ;;
  esac
  mkdir -p "$folder"
  # Without -c, mount would follow the link to the path that is now hidden.
  mount -n -c --bind "$source" "$folder"
  folder=
done
exec 5<&- 6<&-
unset FAILOVER_LAB_KEEP IFS

mkdir -p /run/lab/home /run/openvswitch
mount -n -t sysfs failover-lab-sys /sys 2>/dev/null || true
# By the system call: the file of that name in /proc belongs to the real root, also in a user namespace.
hostname failover-lab
# On the host's own network nothing is set that is not the lab's.
[ -n "${FAILOVER_LAB_ON_HOST:-}" ] || ip link set lo up
unset FAILOVER_LAB_ON_HOST
exec "$@"

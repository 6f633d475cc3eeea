#!/bin/sh
# Process 1 of the guest; its arguments are the runner's. The kernel gives it the host's files,
# read-only, as its root. It lays a tmpfs over them, mounts the folders of the run at fixed places, so
# that it does not matter where they lie on the host, and starts the runner in namespaces of its own.
# When it ends, the kernel switches the guest off.
# The supervisor opened folders for the kernel: 10 is the program, 11 the run's logs; with LAB_IMAGE
# 12 is the tree that becomes the root instead of the host's, and 13 where Node is.
set -eu
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/run/lab/home LANG=C.UTF-8 TMPDIR=/tmp

mount -t proc proc /proc
# Open vSwitch 3.1 brings up no BFD session when it starts within 10 s after boot.
sleep 12 &
booted=$!
mount -t tmpfs -o size=75% upper /mnt
mkdir /mnt/upper /mnt/work /mnt/root
lower=/
if [ -n "${LAB_IMAGE:-}" ]; then
  lower=/mnt/image
  mkdir $lower
  mount -t hostfs -o /proc/self/fd/12/.,ro image $lower
fi
mount -t overlay -o lowerdir=$lower,upperdir=/mnt/upper,workdir=/mnt/work overlay /mnt/root
cd /mnt/root
mkdir -p lab/program lab/logs lab/old
pivot_root . lab/old
mount -t proc proc proc
mount -t devtmpfs dev dev
mkdir -p dev/pts dev/shm dev/net
mount -t devpts devpts dev/pts
mount -t tmpfs shm dev/shm
[ -e dev/net/tun ] || mknod dev/net/tun c 10 200
ln -sfn /proc/self/fd dev/fd
mount -t tmpfs -o mode=755 run run
mount -t tmpfs -o mode=1777 tmp tmp
mount -t hostfs -o /proc/self/fd/10/.,ro program lab/program
mount -t hostfs -o /proc/self/fd/11/. logs lab/logs
if [ -n "${LAB_IMAGE:-}" ]; then
  mkdir lab/node-folder
  mount -t hostfs -o /proc/self/fd/13/.,ro node lab/node-folder
fi
umount -l lab/old
mkdir -p /run/lab/home /run/openvswitch
hostname failover-lab
# New network namespaces begin without tunnels that nobody made.
echo 2 >/proc/sys/net/core/fb_tunnels_only_for_init_net

# Where Node is, the folder to work in, and folders to be seen although they lie below /tmp or /run.
logs=/lab/logs/$LAB_LOGS
{
  read -r node
  # A link would show Node where it lies on the host, and that would be an input of the trial.
  : > /lab/node
  mount --bind "$node" /lab/node
  read -r here
  while read -r folder; do
    mkdir -p "$folder"
    mount -t hostfs -o "$folder,ro" kept "$folder"
  done
  cd "$here"
} <"$logs/guest-folders"

# The plan, then what the supervisor sends later, by the console.
mkfifo /run/lab/orders
{
  cat "$logs/guest-plan.ndjson"
  exec cat
} </dev/console >/run/lab/orders &
wait $booted
# shellcheck disable=SC2016
exec unshare --net --pid --fork --kill-child --mount --mount-proc -- sh -c '
  mount -t sysfs sys /sys
  ip link set lo up
  exec tini -s -- "$@"' sh "$@" </run/lab/orders 3>>"$logs/guest-events.ndjson" >>"$logs/runner.log" 2>&1

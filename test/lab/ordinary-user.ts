/**
 * An ordinary user on this machine: a user, a home and a /dev/net/tun that exist in a mount
 * namespace of their own. The host's accounts, devices and modes are neither read nor changed.
 */
import { spawnSync } from 'node:child_process';
import { packageRoot } from '../../harness/package-root.js';

/** No account of a distribution lies here. */
const userId = 61_234;

/** Bind mounts lead to the clone and to Node even where their parents are root's alone. */
const becomeUser = `
  root="$1" node="$2" tun="$3" id="$4"
  shift 4
  mount -n -t tmpfs -o mode=755 ordinary-user /mnt
  mkdir /mnt/home /mnt/clone
  touch /mnt/node
  chown "$id:$id" /mnt/home
  mount -n --bind "$root" /mnt/clone
  mount -n --bind "$node" /mnt/node
  cp /etc/passwd /mnt/passwd
  echo "ordinary:x:$id:$id::/mnt/home:/bin/sh" >> /mnt/passwd
  mount -n --bind /mnt/passwd /etc/passwd
  if [ "$tun" = missing ]; then
    mount -n -t tmpfs -o mode=755 ordinary-user /dev/net
  else
    mknod /mnt/tun c 10 200
    chmod "$tun" /mnt/tun
    mount -n --bind /mnt/tun /dev/net/tun
  fi
  cd /mnt/home
  user="--reuid $id --regid $id --clear-groups --inh-caps=-all --bounding-set=-all"
  exec setpriv $user env -i PATH=/usr/bin:/bin HOME=/mnt/home USER=ordinary \\
    /mnt/node /mnt/clone/harness/setup/start.mjs "$@"`;

/** Run a command of failover-lab as that user; `tun` is the mode of /dev/net/tun. */
export function asOrdinaryUser(tun: '0666' | '0600' | 'missing', argv: string[]) {
  const words = [packageRoot(), process.execPath, tun, String(userId), ...argv];
  return spawnSync('unshare', ['--mount', '--', 'sh', '-euc', becomeUser, 'sh', ...words], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    timeout: 120_000,
  });
}

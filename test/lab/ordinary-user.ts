/**
 * An ordinary user on this machine: a user, a home and a /dev/net/tun that exist in a mount
 * namespace of their own. The host's accounts, devices and modes are neither read nor changed.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { packageRoot } from '../../harness/package-root.js';

/** No account of a distribution lies here. */
export const userId = 61_234;

/** Bind mounts lead to the clone and to Node even where their parents are root's alone. */
const becomeUser = `
  root="$1" node="$2" tun="$3" id="$4" sudo="$5"
  shift 5
  mount -n -t tmpfs -o mode=755 ordinary-user /mnt
  mkdir /mnt/home /mnt/clone
  touch /mnt/node
  chown "$id:$id" /mnt/home
  mount -n --bind "$root" /mnt/clone
  mount -n --bind "$node" /mnt/node
  cp /etc/passwd /mnt/passwd
  echo "ordinary:x:$id:$id::/mnt/home:/bin/sh" >> /mnt/passwd
  mount -n --bind /mnt/passwd /etc/passwd
  if [ "$sudo" = yes ]; then
    { cat /etc/sudoers; echo 'ordinary ALL=(ALL) NOPASSWD: ALL'; } > /mnt/sudoers
    { cat /etc/shadow; echo 'ordinary:*:19000:0:99999:7:::'; } > /mnt/shadow
    chmod 0440 /mnt/sudoers /mnt/shadow
    mount -n --bind /mnt/sudoers /etc/sudoers
    mount -n --bind /mnt/shadow /etc/shadow
    bound=
  else
    bound=--bounding-set=-all
  fi
  if [ "$tun" = missing ]; then
    mount -n -t tmpfs -o mode=755 ordinary-user /dev/net
  else
    mknod /mnt/tun c 10 200
    chmod "$tun" /mnt/tun
    mount -n --bind /mnt/tun /dev/net/tun
  fi
  cd /mnt/home
  user="--reuid $id --regid $id --clear-groups --inh-caps=-all $bound"
  exec setpriv $user env -i PATH=/usr/bin:/bin HOME=/mnt/home USER=ordinary \\
    /mnt/node /mnt/clone/harness/setup/start.mjs "$@"`;

type TunMode = '0666' | '0600' | 'missing';

function commandLine(tun: TunMode, sudo: 'yes' | 'no', argv: string[]): string[] {
  const words = [packageRoot(), process.execPath, tun, String(userId), sudo, ...argv];
  return ['--mount', '--', 'sh', '-euc', becomeUser, 'sh', ...words];
}

/**
 * Start a command as a user whom sudo asks for no password, and to whom /dev/net/tun is closed. The
 * child is the command itself.
 */
export function startWithSudo(argv: string[]): ChildProcess {
  return spawn('unshare', commandLine('0600', 'yes', argv), { stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Run a command of failover-lab as that user; `tun` is the mode of /dev/net/tun. */
export function asOrdinaryUser(
  tun: TunMode,
  argv: string[],
  sudo: 'yes' | 'no' = 'no',
  timeout = 120_000,
) {
  return spawnSync('unshare', commandLine(tun, sudo, argv), {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    timeout,
  });
}

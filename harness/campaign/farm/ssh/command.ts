/** How a machine of the farm is reached: by ssh, over one connection for all its commands. */
import { spawnSync } from 'node:child_process';
import { placeBySsh, thisMachine as thisPlace } from '../../../sites/machine-places.js';
import type { ExecLimits, ProgramEnd } from '../../../sites/program-place.js';
import { thisMachine } from './machines.js';

export interface SshOptions {
  /** Configuration file for ssh instead of the user's; null: the user's. */
  configFile: string | null;
  /** Folder for sockets of connections that several commands share; short, since its path is limited. */
  socketFolder: string;
}

/** ssh and its options: it never asks, and detects a lost connection within 15 s. */
export function sshWords({ configFile, socketFolder }: SshOptions): string[] {
  const options = [
    ...['BatchMode=yes', 'ConnectTimeout=10', 'ServerAliveInterval=5', 'ServerAliveCountMax=3'],
    ...['ControlMaster=auto', `ControlPath=${socketFolder}/%C`, 'ControlPersist=30'],
    'LogLevel=INFO',
  ];
  return [
    'ssh',
    ...(configFile === null ? [] : ['-F', configFile]),
    ...options.flatMap((option) => ['-o', option]),
  ];
}

/** Run `script` by sh there. Never rejects: what failed is in how it ended. */
export function runThere(
  machine: string,
  script: string,
  { ssh, ...limits }: ExecLimits & { ssh: SshOptions },
): Promise<ProgramEnd> {
  const place = machine === thisMachine ? thisPlace : placeBySsh(sshWords(ssh), machine);
  return place.exec(['sh', '-c', script], limits);
}

/** Close the connection that commands to a machine shared. */
export function closeConnection(machine: string, ssh: SshOptions): void {
  if (machine === thisMachine) return;
  const [program = '', ...args] = [...sshWords(ssh), '-O', 'exit', machine];
  spawnSync(program, args, { stdio: 'ignore', timeout: 5000 });
}

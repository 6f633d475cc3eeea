/** Runs a shell's command on a machine: by ssh, or on this machine by a shell of its own. */
import { spawn, spawnSync } from 'node:child_process';
import { thisMachine } from './machines.js';

export interface SshOptions {
  /** Configuration file for ssh instead of the user's; null: the user's. */
  configFile: string | null;
  /** Folder for sockets of connections that several commands share; short, since its path is limited. */
  socketFolder: string;
}

/** ssh and its options: never a question, a connection that is lost is noticed within 15 s. */
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

export interface Printed {
  exitCode: number | null;
  stdout: Buffer;
  stderr: string;
}

const outputBytesMax = 256 * 1024 * 1024;

/**
 * Run `script` by sh there, with `input` on its standard input. Never rejects: what failed is in what
 * it printed. @param limitMs After which it is ended.
 */
export function runThere(
  machine: string,
  script: string,
  options: { ssh: SshOptions; limitMs: number; input?: Buffer | string },
): Promise<Printed> {
  const there = `sh -c ${quoted(script)}`;
  const [program = '', ...args] =
    machine === thisMachine ? ['sh', '-c', script] : [...sshWords(options.ssh), machine, there];
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    const pieces: Buffer[] = [];
    let bytes = 0;
    let stderr = '';
    const timer = setTimeout(() => {
      stderr += `\nConnection timed out: no answer within ${options.limitMs / 1000} s`;
      child.kill('SIGKILL');
      // A shared connection that ssh left in the background holds them open.
      child.stdout.destroy();
      child.stderr.destroy();
    }, options.limitMs);
    child.stdout.on('data', (piece: Buffer) => {
      bytes += piece.length;
      if (bytes <= outputBytesMax) pieces.push(piece);
    });
    child.stderr.on('data', (piece) => {
      stderr = (stderr + piece).slice(-20_000);
    });
    child.stdin.on('error', () => {});
    child.stdin.end(options.input ?? '');
    const end = (exitCode: number | null) => {
      clearTimeout(timer);
      resolve({ exitCode, stdout: Buffer.concat(pieces), stderr });
    };
    child.on('error', (error) => {
      stderr += error.message;
      end(null);
    });
    // A connection that stays in the background keeps standard error open: it is not waited for.
    const printedAll = new Promise<void>((all) => child.stdout.on('close', () => all()));
    child.on('exit', (exitCode) => void printedAll.then(() => setImmediate(() => end(exitCode))));
  });
}

/** Close the connection that commands to a machine shared. */
export function closeConnection(machine: string, ssh: SshOptions): void {
  if (machine === thisMachine) return;
  const [program = '', ...args] = [...sshWords(ssh), '-O', 'exit', machine];
  spawnSync(program, args, { stdio: 'ignore', timeout: 5000 });
}

/** One word for a shell. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

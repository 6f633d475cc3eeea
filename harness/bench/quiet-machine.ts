/**
 * A machine without other work: namespaces of its own around the command under test, with
 * an empty /tmp and /run. So whatever is there after a run and was not there before came from it.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../package-root.js';

/** The command line as people start it. */
const program = join(packageRoot(), 'harness/setup/start.mjs');

/** Hides /tmp and /run, keeps the checkout in sight wherever it lies, and stays. */
const settle = `
  root="$1" name="$2"
  exec 5< "$root"
  mount -n -t tmpfs "$name" /tmp && mount -n -t tmpfs "$name" /run
  case "$root" in /tmp/* | /run/*) mkdir -p "$root" && mount -n -c --bind /proc/$$/fd/5 "$root" ;; esac
  exec 5<&-
  ip link set lo up
  echo settled
  exec sleep 100000`;

/** By shell builtins alone, so that looking adds one process each time, the shell. */
const look = `
  for process in /proc/[0-9]*; do
    read -r name < "$process/comm" && echo "process $name"
  done 2> /dev/null
  while read -r name rest; do echo "interface $name"; done < /proc/net/dev
  while read -r device place rest; do echo "mount $device $place"; done < /proc/mounts
  find /tmp /run -mindepth 1 -path "$1" -prune -o -print
  lsns --noheadings --type net --output NS`;

export interface Command {
  child: ChildProcess;
  stdout: string;
  stderr: string;
  /** Resolves with the exit code; null when a signal ended it. */
  ended: Promise<number | null>;
}

export class QuietMachine {
  readonly #first: ChildProcess;
  /** Its mounts carry it, and with them every process on it, also in namespaces further in. */
  readonly #name: string;

  private constructor(first: ChildProcess, name: string) {
    this.#first = first;
    this.#name = name;
  }

  static async open(): Promise<QuietMachine> {
    const name = `quiet-${randomUUID()}`;
    const shell = ['tini', '-s', '--', 'sh', '-c', settle, 'sh', packageRoot(), name];
    const words = ['--net', '--pid', '--mount', '--ipc', '--uts', '--fork', '--kill-child=KILL'];
    const first = spawn('unshare', [...words, '--mount-proc', '--', ...shell], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((resolve) => first.stdout?.once('data', resolve));
    return new QuietMachine(first, name);
  }

  /** Start a command of failover-lab in it. */
  start(argv: string[]): Command {
    const child = spawn('nsenter', [...this.#door(), process.execPath, program, ...argv], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    const command: Command = { child, stdout: '', stderr: '', ended };
    child.stdout.setEncoding('utf8').on('data', (text) => {
      command.stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      command.stderr += text;
    });
    return command;
  }

  /** Run a line of shell on it, as another user of that machine would. */
  shell(line: string): string {
    const done = spawnSync('nsenter', [...this.#door(), 'sh', '-ec', line], { encoding: 'utf8' });
    if (done.status !== 0) throw new Error(`${line}: ${done.stderr}`);
    return done.stdout;
  }

  /** Everything that exists on it, a line each: processes, interfaces, mounts, files, namespaces. */
  census(): string[] {
    // A clone may lie below /tmp: what tests write into it is not a leftover of the command, and its
    // files are too many for one answer.
    const words = ['sh', '-c', look, 'sh', packageRoot()];
    const seen = spawnSync('nsenter', [...this.#door(), ...words], { encoding: 'utf8' });
    if (seen.error) throw seen.error;
    const own = (line: string) => line.includes(packageRoot());
    return seen.stdout
      .split('\n')
      .filter((line) => line !== '' && !own(line))
      .sort();
  }

  /** Every process on it, also in namespaces further in, with its command line and environment. */
  processes(): Array<{ pid: number; commandLine: string; environment: string[] }> {
    return readdirSync('/proc')
      .filter((entry) => /^\d+$/.test(entry))
      .filter((id) => readOr(`/proc/${id}/mounts`).includes(this.#name))
      .map((id) => ({
        pid: Number(id),
        commandLine: commandLineOf(Number(id)).trim(),
        environment: readOr(`/proc/${id}/environ`).split('\0'),
      }));
  }

  /** Send a signal to the first process on it whose command line matches; its id, if there is one. */
  signal(pattern: RegExp, signal: NodeJS.Signals): number | undefined {
    const { pid } = this.processes().find(({ commandLine }) => pattern.test(commandLine)) ?? {};
    if (pid !== undefined) process.kill(pid, signal);
    return pid;
  }

  async close(): Promise<void> {
    const gone = new Promise((resolve) => this.#first.once('exit', resolve));
    this.#first.kill('SIGKILL');
    await gone;
  }

  /** Into the namespaces of its first process, the child of `unshare`. */
  #door(): string[] {
    const pid = this.#first.pid ?? 0;
    const [inside = ''] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ');
    return ['-t', inside, '--net', '--pid', '--mount', '--ipc', '--uts', '--'];
  }
}

function commandLineOf(pid: number): string {
  return readOr(`/proc/${pid}/cmdline`).replaceAll('\0', ' ');
}

function readOr(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

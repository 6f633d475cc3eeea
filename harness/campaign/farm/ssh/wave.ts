/**
 * A wave: jobs that are known now, handed to one GNU parallel, which chooses the machine for each,
 * limits its time, and tries it elsewhere when a machine fails. It reads all jobs before it begins, so
 * that jobs that become known meanwhile are the next wave's.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LineCutter } from '../../../line-reader.js';
import { type FarJob, type FarLine, farLine } from '../job.js';
import { packedCharactersMax } from '../packed.js';
import { type SshOptions, sshWords } from './command.js';
import { sshProgram } from './far-commands.js';
import { thisMachine } from './machines.js';

export interface WaveOptions {
  /** Folder for the wave's own files: jobs, machines, job log. */
  folder: string;
  ssh: SshOptions;
  /** Run there by a shell, with a job on its standard input. */
  command: string;
  /** Times that a job is tried, on different machines as far as there are. */
  tries: number;
  /** After which a job is ended and tried elsewhere, in seconds. */
  limitS: number;
  onLine: (line: FarLine) => void;
  /** What ssh and GNU parallel print themselves. */
  onText: (line: string) => void;
}

/** One line of the job log. */
export interface Logged {
  /** From 1, in the order of the jobs. */
  place: number;
  machine: string;
  startedAtS: number;
  tookS: number;
  exitCode: number;
  signal: number;
}

export class Wave {
  readonly #options: WaveOptions;
  readonly #child: ChildProcess;
  readonly #jobLog: string;
  /** Resolves with what the job log says when nothing of it runs any more. */
  readonly ended: Promise<Logged[]>;

  /** @param machines With the number of jobs that each takes at a time. */
  constructor(
    jobs: readonly FarJob[],
    machines: ReadonlyMap<string, number>,
    options: WaveOptions,
  ) {
    this.#options = options;
    this.#jobLog = join(options.folder, 'jobs.tsv');
    const jobsFile = join(options.folder, 'jobs.ndjson');
    writeFileSync(jobsFile, jobs.map((job) => `${JSON.stringify(job)}\n`).join(''));
    this.setMachines(machines);
    this.#child = spawn('setpriv', this.#words(), {
      stdio: [openSync(jobsFile, 'r'), 'pipe', 'pipe'],
      env: { ...process.env, PARALLEL_HOME: options.folder, PARALLEL: '', LC_ALL: 'C.UTF-8' },
    });
    this.ended = this.#follow();
  }

  /** Choose machines anew: those that are left out get no further job of this wave. */
  setMachines(machines: ReadonlyMap<string, number>): void {
    const lines = [...machines].map(
      ([name, slots]) => `${slots}/${name === thisMachine ? ':' : name}\n`,
    );
    writeFileSync(join(this.#options.folder, 'machines'), lines.join(''));
  }

  /** Begin no further job, and let those end that run. */
  startNoMore(): void {
    this.#child.kill('SIGHUP');
  }

  /** End all jobs at once; their machines see the lost connection. */
  kill(): void {
    this.#child.kill('SIGTERM');
  }

  #words(): string[] {
    const { folder, ssh, command, tries, limitS } = this.#options;
    const program = join(folder, 'ssh');
    writeFileSync(program, sshProgram(sshWords(ssh)), { mode: 0o755 });
    return [
      // Nothing of it may outlive the campaign.
      ...['--pdeathsig', 'TERM', '--', 'parallel', '--will-cite'],
      ...['--pipe', '-N1', '--recend', '\\n', '--line-buffer'],
      ...['--sshloginfile', join(folder, 'machines')],
      ...['--ssh', program],
      ...['--retries', String(tries), '--timeout', String(limitS)],
      ...['--joblog', this.#jobLog],
      command,
    ];
  }

  #follow(): Promise<Logged[]> {
    const { onText } = this.#options;
    const cutters = [
      [this.#child.stdout, this.#cutter((line) => this.#take(line), packedCharactersMax)],
      [this.#child.stderr, this.#cutter(onText, 100_000)],
    ] as const;
    for (const [stream, cutter] of cutters) {
      stream?.setEncoding('utf8').on('data', (text: string) => cutter.add(text));
    }
    return new Promise((resolve) => {
      this.#child.on('error', (error) => onText(error.message));
      this.#child.on('close', () => resolve(readJobLog(this.#jobLog)));
    });
  }

  #cutter(onLine: (line: string) => void, charactersMax: number): LineCutter {
    return new LineCutter({ charactersMax, onLine, onTooLong: () => {} });
  }

  #take(text: string): void {
    const line = readFarLine(text);
    if (line) this.#options.onLine(named(line));
    else this.#options.onText(text);
  }
}

/** GNU parallel calls this machine `:`. */
function named(line: FarLine): FarLine {
  return 'machine' in line && line.machine === ':' ? { ...line, machine: thisMachine } : line;
}

/** The line of a far end; null for what something else printed. */
export function readFarLine(text: string): FarLine | null {
  if (!text.startsWith('{"far"')) return null;
  try {
    const parsed = farLine.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** GNU parallel's job log, without its head; what cannot be read is left out. */
export function readJobLog(file: string): Logged[] {
  let text = '';
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return [];
  }
  return text
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'))
    .filter((fields) => fields.length >= 9)
    .map(([place, host = '', startedAtS, tookS, , , exitCode, signal]) => ({
      place: Number(place),
      machine: host === ':' ? thisMachine : host,
      startedAtS: Number(startedAtS),
      tookS: Number(tookS),
      exitCode: Number(exitCode),
      signal: Number(signal),
    }));
}

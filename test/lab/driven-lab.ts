/** A live lab under a test's orders, and ways to look into it that share nothing with the harness. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Ended, pidsOf, readOr, runInside, runInsideRoot } from './lab-processes.js';
import { program } from './program.js';

type Answer = {
  type: string;
  id?: number;
  result?: unknown;
  error?: { code: string; message: string };
};

export class DrivenLab {
  readonly out = mkdtempSync(join(tmpdir(), 'failover-lab-test-'));
  readonly #child: ChildProcess;
  readonly #answers: Answer[] = [];
  #wake = () => {};
  #nextId = 1;

  constructor(scenario: string, ...flags: string[]) {
    this.#child = spawn(
      process.execPath,
      [program, 'drive', scenario, '--out', this.out, ...flags],
      {
        stdio: ['pipe', 'pipe', 'ignore'],
      },
    );
    if (!this.#child.stdout) throw new Error('no standard output');
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      this.#answers.push(JSON.parse(line) as Answer);
      this.#wake();
    });
    this.#child.on('exit', () => {
      this.#answers.push({ type: 'exit' });
      this.#wake();
    });
  }

  /** The next answer; a farewell or an exit is an error unless asked for. */
  async #next(): Promise<Answer> {
    while (this.#answers.length === 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const answer = this.#answers.shift();
    if (!answer) throw new Error('no answer');
    return answer;
  }

  async ready(): Promise<void> {
    const greeting = await this.#next();
    if (greeting.type !== 'greeting') throw new Error(`not ready: ${JSON.stringify(greeting)}`);
  }

  /** What the lab says unasked, when it ends although nobody told it to. */
  farewell(): Promise<Answer> {
    return this.#next();
  }

  async ask(order: object): Promise<Answer> {
    this.#child.stdin?.write(`${JSON.stringify({ id: this.#nextId++, ...order })}\n`);
    return this.#next();
  }

  inject(
    kind: string,
    target: object,
    parameters: object = {},
    direction = 'both',
  ): Promise<Answer> {
    return this.ask({ verb: 'inject', fault: { kind, target, direction, parameters } });
  }

  heal(): Promise<Answer> {
    return this.ask({ verb: 'heal', faultId: null });
  }

  async close(): Promise<void> {
    this.#child.stdin?.end();
    if (this.#child.exitCode === null)
      await new Promise((resolve) => this.#child.on('exit', resolve));
    rmSync(this.out, { recursive: true, force: true });
  }

  /** What the lab has recorded so far. */
  events(): Array<Record<string, unknown>> {
    const [scenario = ''] = readdirSync(this.out);
    const file = join(this.out, scenario, 'latest', 'history.ndjson');
    const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  /** Process ids of this lab whose command line matches. */
  pids(pattern: RegExp): number[] {
    return pidsOf(this.out, pattern);
  }

  /** SIGSTOP every process of this lab whose command line matches; the returned function resumes. */
  freeze(pattern: RegExp): () => void {
    const pids = this.pids(pattern);
    if (pids.length === 0) throw new Error(`no process matches ${pattern}`);
    for (const pid of pids) process.kill(pid, 'SIGSTOP');
    return () => {
      for (const pid of pids) process.kill(pid, 'SIGCONT');
    };
  }

  /** Run a program in a node's network namespace, from outside the sandbox. */
  inside(node: string, ...argv: string[]): Ended {
    return runInside(this.out, node, argv);
  }

  /** Run a program in the namespace that the lab's fabric lies in, from outside the sandbox. */
  insideRoot(...argv: string[]): Ended {
    return runInsideRoot(this.out, argv);
  }

  /** Share of pings answered, 0 to 1. */
  ping(from: string, to: string, count = 20, size = 56): number {
    const words = ['-n', '-q', '-c', `${count}`, '-i', '0.02', '-W', '1', '-s', `${size}`, to];
    const { stdout } = this.inside(from, 'ping', ...words);
    return Number(/(\d+) received/.exec(stdout)?.[1] ?? 0) / count;
  }

  /** One column of an interface in a relay's own database. */
  ovs(relay: string, port: string, column: string): string {
    const socket = `unix:/run/lab/${relay}/db.sock`;
    return this.inside(
      relay,
      'ovs-vsctl',
      `--db=${socket}`,
      '--timeout=3',
      'get',
      'Interface',
      port,
      column,
    ).stdout;
  }
}

export function stateOf(pid: number): string {
  const stat = readOr(`/proc/${pid}/stat`);
  return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
}

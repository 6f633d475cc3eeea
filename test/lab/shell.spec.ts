/**
 * Goal: `failover-lab shell` gives Mininet's own command line with the lab's verbs to a terminal,
 * Ctrl-C ends the command and not the shell, and leaving takes everything away.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { failoverLab, program } from './program.js';

const scenario = 'test/fixtures/labs/line.ts';
const prompt = 'mininet> ';

/** `script` runs the command in a pseudo-terminal and copies both ways. */
class Terminal {
  readonly out = mkdtempSync(join(tmpdir(), 'failover-lab-test-'));
  readonly child: ChildProcess;
  readonly exited: Promise<number | null>;
  #seen = '';
  #wake = () => {};

  constructor() {
    // A shell in between (dash is one that stays) would take Ctrl-C for itself and report 130.
    const command = ['exec', process.execPath, program, 'shell', scenario, '--out', this.out].join(
      ' ',
    );
    this.child = spawn('script', ['-qec', command, '/dev/null'], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, TERM: 'dumb' },
    });
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#seen += text;
      this.#wake();
    });
    this.exited = new Promise((resolve) => this.child.on('exit', resolve));
    this.child.on('exit', () => this.#wake());
  }

  /** Everything up to and with `text`. */
  async until(text: string, timeoutMs = 60_000): Promise<string> {
    const deadline = setTimeout(() => this.child.kill(), timeoutMs);
    while (!this.#seen.includes(text)) {
      if (this.child.exitCode !== null || this.child.signalCode !== null) {
        throw new Error(`no ${JSON.stringify(text)} in ${JSON.stringify(this.#seen)}`);
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    clearTimeout(deadline);
    const end = this.#seen.indexOf(text) + text.length;
    const said = this.#seen.slice(0, end);
    this.#seen = this.#seen.slice(end);
    return said;
  }

  /** What the terminal showed since. */
  unread(): string {
    return this.#seen;
  }

  type(keys: string): void {
    this.child.stdin?.write(keys);
  }

  /** Type a line and read until the next prompt. */
  ask(line: string): Promise<string> {
    this.type(`${line}\n`);
    return this.until(prompt);
  }

  /** Processes that carry the mark of this lab. */
  processes(): string[] {
    const [folder = ''] = readdirSync(join(this.out, 'line'));
    const history = readFileSync(join(this.out, 'line', folder, 'history.ndjson'), 'utf8');
    const mark = `FAILOVER_LAB_RUN=${/"runId":"([^"]+)"/.exec(history)?.[1]}`;
    return readdirSync('/proc').filter((entry) => {
      try {
        return /^\d+$/.test(entry) && readFileSync(`/proc/${entry}/environ`, 'utf8').includes(mark);
      } catch {
        return false;
      }
    });
  }
}

test('a terminal drives the lab, and leaves nothing behind', async () => {
  const terminal = new Terminal();
  await terminal.until(prompt);
  expect(terminal.processes().length).toBeGreaterThan(5);
  expect(await terminal.ask('pingall')).toContain('Results: 0% dropped (2/2 received)');
  expect(await terminal.ask('links')).toContain('h1-eth0<->e1-eth1 (OK OK)');
  expect(await terminal.ask('ports r1')).toMatch(/2 +gre-e2 +gre +.*remote_ip=172\.31\.0\.3/);
  expect(await terminal.ask('path h1 h2')).toContain('h1 -> e1 -> r1 -> e2 -> h2');

  expect(await terminal.ask('kill r1')).toContain('interfaces of r1 down');
  expect(await terminal.ask('h1 ping -c 1 -W 1 h2')).toContain('100% packet loss');
  expect(await terminal.ask('path h1 h2')).toContain('r1 -> nowhere');
  expect(await terminal.ask('kill r1')).toContain('r1 is already dead');
  expect(await terminal.ask('kill h1')).toContain('h1 is not a relay or switch in this lab');

  terminal.type('h1 ping h2\n');
  await terminal.until('bytes of data');
  terminal.type('\x03');
  expect(await terminal.until(prompt)).toContain('100% packet loss');

  expect(await terminal.ask('heal')).toContain('processes of r1 run');
  await expect(async () => {
    expect(await terminal.ask('pingall')).toContain('Results: 0% dropped');
  }).toPass({ timeout: 60_000 });

  terminal.type('h2 iperf3 -s -D\n');
  await terminal.until(prompt);
  expect(await terminal.ask('h1 iperf3 -c h2 -t 1 -b 1M')).toContain('receiver');

  terminal.type('exit\n');
  const exitCode = await terminal.exited;
  expect(exitCode, terminal.unread()).toBe(0);
  expect(terminal.processes()).toEqual([]);
  rmSync(terminal.out, { recursive: true });
});

test('a terminal that goes away takes its lab with it', async () => {
  const terminal = new Terminal();
  await terminal.until(prompt);
  terminal.type('h1 ping h2\n');
  await terminal.until('bytes of data');
  expect(terminal.processes().length).toBeGreaterThan(5);
  terminal.child.kill('SIGKILL');
  await expect(() => expect(terminal.processes()).toEqual([])).toPass({ timeout: 30_000 });
  rmSync(terminal.out, { recursive: true });
});

test('without a terminal the shell is refused', () => {
  const { status, stderr } = failoverLab(['shell', scenario]);
  expect(status).toBe(64);
  expect(stderr).toContain('failover-lab shell needs a terminal on standard input.');
  expect(stderr).toContain('failover-lab drive');
});

/** Captures of a running lab's links by tcpdump, which shares nothing with the harness. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';

export class Capture {
  readonly #child: ChildProcess;
  readonly #file: string;

  private constructor(child: ChildProcess, file: string) {
    this.#child = child;
    this.#file = file;
  }

  /**
   * Write what passes an interface to `file`, seen from the network namespace of process `pid`.
   * Resolves when packets are captured.
   */
  static async start(pid: number, port: string, filter: string, file: string): Promise<Capture> {
    const tcpdump = ['tcpdump', '-i', port, '-n', '-U', '-s', '128', '-w', file, filter];
    const words = ['-t', String(pid), '-n', '--', ...tcpdump, '--time-stamp-precision=nano'];
    const child = spawn('nsenter', words, { stdio: ['ignore', 'ignore', 'pipe'] });
    let told = '';
    await new Promise<void>((resolve, reject) => {
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        told += text;
        if (told.includes('listening on')) resolve();
      });
      child.on('close', () => reject(new Error(`tcpdump ended: ${told}`)));
    });
    return new Capture(child, file);
  }

  /** Ends it: a capture holds the namespace of its node. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const closed = new Promise((resolve) => this.#child.on('close', resolve));
    this.#child.kill('SIGINT');
    await closed;
  }

  /** The captured packets that pass a filter: seconds of the wall clock, and tcpdump's line. */
  packets(filter: string): Array<{ atS: number; text: string }> {
    const words = ['-r', this.#file, '-n', '-tt', '--time-stamp-precision=nano', filter];
    const shown = execFileSync('tcpdump', words, {
      encoding: 'utf8',
      maxBuffer: 256 * 1024 * 1024,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return shown
      .split('\n')
      .filter(Boolean)
      .map((line) => ({ atS: Number(line.slice(0, line.indexOf(' '))), text: line }));
  }
}

/** What to add to a stamp of CLOCK_MONOTONIC in nanoseconds to get seconds of the wall clock. */
export function wallClockAheadS(): number {
  const line = 'import time; print(repr(time.time() - time.monotonic()))';
  return Number(execFileSync('python3', ['-c', line], { encoding: 'utf8' }));
}

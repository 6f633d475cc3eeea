/** Runs the meter process of one pair of hosts and keeps a live view of both directions. */
import { join } from 'node:path';
import type { ResultPromise } from 'execa';
import { readLines } from '../../line-reader.js';
import type { Direction } from '../../model/history/events.js';
import { probeAddressOf } from '../../model/network/probe-address.js';
import type { ResolvedHost, ResolvedMeter } from '../../model/resolved.js';
import { packageRoot } from '../../package-root.js';
import { replaceFile } from '../../safe-files.js';
import { hostNamed } from './addresses.js';
import { killAfterMs, settlesWithin, startIn, waitUntil } from './child.js';
import type { TrafficContext } from './context.js';
import { lastLinesOf } from './last-lines.js';
import { type LastGood, LiveDirection } from './live-direction.js';
import { type MeterLine, maxLineLength, readMeterLine } from './meter-protocol.js';
import { holdNamespace, type NamespaceHolder } from './namespace-holder.js';

export interface RunningMeter {
  id: string;
  /** From one probe of a direction to the next. */
  intervalNs: number;
  /** The arrival with the highest number so far, or null when none came. */
  lastGood(direction: Direction): LastGood | null;
  /**
   * Send stamp since which every probe has arrived in order (CLOCK_MONOTONIC), or null when
   * nothing arrived for 300 ms, or two intervals of a sparse meter. Known about 120 ms late.
   */
  cleanSinceNs(direction: Direction): number | null;
  /** Numbers known to be missing: below the highest that arrived. */
  lostTotal(direction: Direction): number;
  /** Why the meter is no longer measuring although nobody stopped it; null while it is. */
  failure(): string | null;
  /** Stops both senders, listens 300 ms longer and ends. Never throws, never hangs. */
  stop(): Promise<void>;
}

const program = '/usr/bin/python3';
const script = join(packageRoot(), 'harness/lab/traffic/meter/meter.py');
const readyTimeoutMs = 10_000;
const stopTimeoutMs = 2_000;
const lastLinesShown = 5;

/**
 * Starts sending probes both ways between the meter's two hosts.
 * @param toleratedHoleNs Holes up to this long do not end what counts as clean while it runs.
 * @throws LabError TRAFFIC_FAILED when the process does not come up.
 */
export async function startMeter(
  context: TrafficContext,
  meter: ResolvedMeter,
  hosts: readonly ResolvedHost[],
  toleratedHoleNs = 0,
): Promise<RunningMeter> {
  const argv = meterArgv(meter, hosts);
  const holder = await holdNamespace(context, meter.to);
  try {
    const process = new MeterProcess(context, meter, argv, holder, toleratedHoleNs);
    await process.start();
    return process;
  } finally {
    await holder.close();
  }
}

/** The words of the meter process, without the namespace of the far host. */
export function meterArgv(meter: ResolvedMeter, hosts: readonly ResolvedHost[]): string[] {
  const options = {
    meter: meter.id,
    'from-address': probeAddressOf(hostNamed(hosts, meter.from), meter),
    'to-address': probeAddressOf(hostNamed(hosts, meter.to), meter),
    port: meter.port,
    rate: meter.rateHz,
    length: meter.payloadBytes,
    ...(meter.flows === undefined ? {} : { flows: meter.flows, 'flow-port': meter.flowPort ?? 0 }),
  };
  const words = Object.entries(options).flatMap(([key, value]) => [`--${key}`, String(value)]);
  return [program, '-B', script, ...words];
}

class MeterProcess implements RunningMeter {
  readonly id: string;
  readonly intervalNs: number;
  readonly #live: Record<'forward' | 'reverse', LiveDirection>;
  readonly #child: ResultPromise;
  readonly #logFile: string;
  #ready = false;
  #stopping = false;
  #failed: string | null = null;
  #badLines = 0;

  readonly #context: TrafficContext;
  readonly #meter: ResolvedMeter;

  constructor(
    context: TrafficContext,
    meter: ResolvedMeter,
    argv: readonly string[],
    holder: NamespaceHolder,
    toleratedHoleNs: number,
  ) {
    this.#context = context;
    this.#meter = meter;
    this.id = meter.id;
    this.intervalNs = 1e9 / meter.rateHz;
    const live = () => new LiveDirection(toleratedHoleNs, this.intervalNs);
    this.#live = { forward: live(), reverse: live() };
    const words = [...argv, '--to-namespace', `/proc/${holder.pid}/ns/net`];
    this.#logFile = join(context.logDir, `meter-${meter.id}.log`);
    // A new file, so that nothing is written through a link that lies in its place.
    replaceFile(this.#logFile, '');
    const log = { file: this.#logFile };
    this.#child = startIn(context, meter.from, words, { stdio: ['pipe', 'pipe', log] });
    this.#child.stdin?.on('error', () => {
      // Its exit is recorded below.
    });
    if (this.#child.stdout) {
      readLines(this.#child.stdout, {
        charactersMax: maxLineLength,
        onLine: (line) => this.#take(line),
        onTooLong: () => this.#noteBadLine(),
      });
    }
    void this.#child.then((result) => this.#noteExit(result.exitCode, result.signal));
  }

  async start(): Promise<void> {
    const failure = () => this.#failed;
    const what = `The meter ${this.id}`;
    try {
      await waitUntil(what, readyTimeoutMs, this.#context.signal, () => this.#ready, failure);
    } catch (error) {
      this.#stopping = true;
      this.#child.kill('SIGKILL');
      throw error;
    }
    this.#child.stdin?.write('start\n');
  }

  lastGood(direction: Direction): LastGood | null {
    return this.#live[direction].lastGood();
  }

  cleanSinceNs(direction: Direction): number | null {
    return this.#live[direction].cleanSinceNs(this.#context.nowNs());
  }

  lostTotal(direction: Direction): number {
    return this.#live[direction].lostTotal();
  }

  failure(): string | null {
    return this.#failed;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#child.stdin?.end('stop\n');
    if (await settlesWithin(this.#child, stopTimeoutMs)) return;
    this.#child.kill('SIGTERM');
    await settlesWithin(this.#child, killAfterMs + 1_000);
  }

  #take(text: string): void {
    const line = readMeterLine(text);
    if (line === null) {
      this.#noteBadLine();
      return;
    }
    if (line.kind === 'meter.ready') this.#ready = true;
    else this.#record(line);
  }

  #record(line: Exclude<MeterLine, { kind: 'meter.ready' }>): void {
    if (line.kind === 'meter.received') this.#live[line.direction].add(line);
    this.#context.emit({ ...line, meter: this.id });
  }

  #noteBadLine(): void {
    this.#badLines += 1;
    if (this.#badLines > 1) return;
    const warning = { code: 'meter-line-unreadable' as const, data: { meter: this.id } };
    this.#context.emit({ kind: 'warning', atNs: this.#context.nowNs(), warning });
  }

  #noteExit(exitCode: number | undefined, signal: string | undefined): void {
    const lastLines = lastLinesOf(this.#logFile, lastLinesShown);
    if (!this.#stopping) {
      const end = `it ended with ${signal ?? `exit code ${exitCode ?? '?'}`}`;
      this.#failed = [end, ...lastLines.slice(-1)].join(': ');
    }
    this.#context.emit({
      kind: 'process.exit',
      atNs: this.#context.nowNs(),
      process: { role: 'meter', meter: this.id },
      node: this.#meter.from,
      exitCode: exitCode ?? null,
      signal: signal ?? null,
      expected: this.#stopping,
      lastLines,
    });
  }
}

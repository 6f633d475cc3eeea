/** One iperf3 process: started, watched, ended, and its rows recorded as history events. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ResultPromise } from 'execa';
import { messageOf } from '../../../errors.js';
import type { ProcessId } from '../../../model/process-id.js';
import type { ResolvedFlow } from '../../../model/resolved.js';
import { replaceFile } from '../../../safe-files.js';
import { killAfterMs, settlesWithin, startIn } from '../child.js';
import type { TrafficContext } from '../context.js';
import { lastLinesOf } from '../last-lines.js';
import { type Iperf3Output, readIperf3Output } from './output.js';
import { followStream, type StreamRows } from './stream.js';

/** A day of 128 streams in intervals of 1 s prints less. */
const mostOutputBytes = 512 * 1024 * 1024;

export type Role = 'client' | 'server';

/** Rows of a two-way flow's reverse direction are recorded under this id. */
export function reverseFlowId(flowId: string): string {
  return `${flowId}:reverse`;
}

export class Iperf3Side {
  readonly ended: Promise<void>;
  readonly #child: ResultPromise;
  readonly #outputFile: string;
  readonly #logFile: string;
  #exit: { exitCode: number | null; signal: string | null } | null = null;
  #expected = false;
  /** It was still running when it, or its other side, was asked to end. */
  #endedOnRequest = false;
  readonly #rowsToldBefore: boolean;

  readonly #context: TrafficContext;
  readonly #flow: ResolvedFlow;
  readonly #role: Role;

  constructor(context: TrafficContext, flow: ResolvedFlow, role: Role, argv: readonly string[]) {
    this.#context = context;
    this.#flow = flow;
    this.#role = role;
    const path = join(context.logDir, `iperf3-${flow.id}-${role}`);
    this.#outputFile = `${path}.json`;
    this.#logFile = `${path}.log`;
    this.#rowsToldBefore = argv.includes('--json-stream');
    // New files, so that nothing is written through a link that lies in their place.
    for (const file of [this.#outputFile, this.#logFile]) replaceFile(file, '');
    this.#child = startIn(context, role === 'client' ? flow.from : flow.to, argv, {
      stdio: ['ignore', { file: this.#outputFile }, { file: this.#logFile }],
    });
    this.ended = this.#child.then((result) => this.#noteExit(result.exitCode, result.signal));
    for (const side of this.#sides()) {
      context.emit({ kind: 'iperf.start', atNs: context.nowNs(), ...side, argv: [...argv] });
    }
    if (this.#rowsToldBefore) {
      const { omitMs = 0 } = flow;
      followStream(this.#outputFile, { ended: this.ended, omitMs }, (rows) => this.#emitRows(rows));
    }
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** From now on the end of the process is not a failure. */
  expectEnd(): void {
    if (this.#exit === null) this.#endedOnRequest = true;
    this.#expected = true;
  }

  /** Why it ended without being asked to; null while all is well. */
  failure(): string | null {
    if (this.#exit === null || this.#expected) return null;
    return (
      this.#errorIn(this.#read()) ??
      `iperf3 ended with ${this.#exit.signal ?? this.#exit.exitCode ?? '?'}`
    );
  }

  /** Gives it `graceMs` to end by itself, then SIGTERM, then SIGKILL. */
  async end(graceMs: number): Promise<void> {
    this.expectEnd();
    if (graceMs > 0 && (await settlesWithin(this.ended, graceMs))) return;
    this.#child.kill('SIGTERM');
    await settlesWithin(this.ended, killAfterMs + 1_000);
  }

  /** Tells its rows and its end; call it once, after the end. */
  report(mssBytes: number | null): void {
    const output = this.#read();
    if (!this.#rowsToldBefore) this.#emitRows(output);
    this.#reportUnreadable(output);
    for (const side of this.#sides()) {
      const half = side.side === 'sender' ? output.sent : output.received;
      this.#context.emit({
        kind: 'iperf.end',
        atNs: this.#context.nowNs(),
        ...side,
        exitCode: this.#exit?.exitCode ?? null,
        signal: this.#exit?.signal ?? null,
        mssBytes,
        totalBytes: half?.totalBytes ?? null,
        totalRetransmits: half?.totalRetransmits ?? null,
        totalPackets: half?.totalPackets ?? null,
        totalLostPackets: half?.totalLostPackets ?? null,
        error: this.#errorIn(output),
      });
    }
  }

  #reportUnreadable({ unreadable, rowsLeftOut }: Iperf3Output): void {
    const kind = 'unreadable' as const;
    const common = {
      kind,
      atNs: this.#context.nowNs(),
      source: this.#self,
      what: 'iperf.interval',
    };
    for (const one of unreadable) this.#context.emit({ ...common, ...one, lost: 'value' });
    for (const one of rowsLeftOut) this.#context.emit({ ...common, ...one, lost: 'event' });
  }

  /** Whatever iperf3 prints about its interruption is not an error of a flow that ran and was ended. */
  #errorIn({ sent, received, error, flaw }: Iperf3Output): string | null {
    const ran = (sent?.intervals ?? received?.intervals ?? []).length > 0;
    return this.#endedOnRequest && ran ? flaw : (error ?? flaw);
  }

  #emitRows(output: StreamRows): void {
    for (const side of this.#sides()) {
      const half = side.side === 'sender' ? output.sent : output.received;
      for (const row of half?.intervals ?? [])
        this.#context.emit({
          kind: 'iperf.interval',
          atNs: this.#context.nowNs(),
          ...side,
          ...row,
        });
    }
  }

  /** Which directions of the flow this process is at an end of. */
  #sides(): { flow: string; side: 'sender' | 'receiver' }[] {
    const { id, bidirectional, reverse } = this.#flow;
    const isClient = this.#role === 'client';
    if (!bidirectional) return [{ flow: id, side: isClient !== reverse ? 'sender' : 'receiver' }];
    return [
      { flow: id, side: isClient ? 'sender' : 'receiver' },
      { flow: reverseFlowId(id), side: isClient ? 'receiver' : 'sender' },
    ];
  }

  #read(): Iperf3Output {
    const nothing = { sent: null, received: null, flaw: null, unreadable: [], rowsLeftOut: [] };
    try {
      const { size } = statSync(this.#outputFile);
      if (size > mostOutputBytes) {
        return {
          ...nothing,
          error: `iperf3 printed ${size} bytes; at most ${mostOutputBytes} are read`,
        };
      }
      const output = readFileSync(this.#outputFile, 'utf8');
      // Wrong arguments and a failure to start are printed in plain text on standard error.
      const [complaint] = lastLinesOf(this.#logFile, 1);
      if (output.trim() === '' && complaint) return { ...nothing, error: complaint.trim() };
      return readIperf3Output(output, this.#flow.omitMs);
    } catch (thrown) {
      return { ...nothing, error: messageOf(thrown) };
    }
  }

  /** Itself among the processes of a record. */
  get #self(): ProcessId {
    return { role: 'iperf3', side: this.#role, flow: this.#flow.id };
  }

  #noteExit(exitCode: number | undefined, signal: string | undefined): void {
    this.#exit = { exitCode: exitCode ?? null, signal: signal ?? null };
    if (this.#expected) return;
    this.#context.emit({
      kind: 'process.exit',
      atNs: this.#context.nowNs(),
      process: this.#self,
      node: this.#role === 'client' ? this.#flow.from : this.#flow.to,
      ...this.#exit,
      expected: false,
      lastLines: [this.failure() ?? ''],
    });
  }
}

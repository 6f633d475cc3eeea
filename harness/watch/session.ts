/** One watch: two ends on their machines, what they record, and how it ends. */
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { nowNs } from '../clock.js';
import { LabError } from '../errors.js';
import type { Direction } from '../model/history/events.js';
import { placeBySsh, thisMachine } from '../sites/machine-places.js';
import type { ProgramPlace } from '../sites/program-place.js';
import type { ClockOffset } from './clock.js';
import { reachWithinMs, unreached } from './end-failure.js';
import { type FarLine, onThisClock } from './end-lines.js';
import { FarEnd } from './far-end.js';
import { finish, writeMeterEnds } from './finish.js';
import type { WatchListeners } from './listeners.js';
import { LiveOutage } from './live.js';
import { listenForMarks } from './marks.js';
import { WatchRecord } from './record.js';
import { thisMachineName, type WatchPlan } from './request.js';
import { meterName, watchedScenario } from './scenario.js';

const tallyWithinMs = 5_000;

interface Side {
  end: FarEnd;
  sends: Direction;
  offset: ClockOffset;
  tally: { sent: number; received: number; cpuNs: number } | null;
  priority: string;
  gone: boolean;
}

export class WatchSession {
  readonly #plan: WatchPlan;
  readonly #listeners: WatchListeners;
  readonly #sides: readonly [Side, Side];
  readonly #live: Record<'forward' | 'reverse', LiveOutage>;
  #record: WatchRecord | null = null;
  #startNs = 0;
  #stopping = false;
  /** Why nothing more can be recorded: a full disk, say. */
  #broken: unknown;
  /** What was recorded before the record could be opened. */
  readonly #early: Array<() => void> = [];

  constructor(plan: WatchPlan, listeners: WatchListeners, placeOf = sshPlace(plan)) {
    this.#plan = plan;
    this.#listeners = listeners;
    const live = (direction: Direction) => new LiveOutage(direction, plan.rateHz);
    this.#live = { forward: live('forward'), reverse: live('reverse') };
    const side = (index: 0 | 1): Side => {
      const machine = plan.machines[index];
      const sends = index === 0 ? ('forward' as const) : ('reverse' as const);
      const options = {
        meter: meterName(plan),
        sends,
        receives: index === 0 ? ('reverse' as const) : ('forward' as const),
        peer: plan.machines[index === 0 ? 1 : 0].address,
        port: plan.port,
        rate: plan.rateHz,
        length: plan.payloadBytes,
        leaseS: plan.leaseS,
      };
      const end = new FarEnd(machine.name, placeOf(machine.destination), options, {
        onLine: (line) => this.#guarded(() => this.#take(index, line)),
        onWay: (up) => this.#guarded(() => this.#noteWay(index, up)),
        onGone: () => {
          this.#sides[index].gone = true;
        },
      });
      const offset = { offsetNs: 0, uncertaintyNs: 0 };
      return { end, sends, offset, tally: null, priority: 'unknown', gone: false };
    };
    this.#sides = [side(0), side(1)];
  }

  /** Watch until it is over; the record, closed. Throws LabError before anything was recorded. */
  async run(out: string, command: string[]): Promise<WatchRecord> {
    let stopListening = () => {};
    try {
      const record = await this.#begin(out, command);
      const name = basename(record.folder);
      const mark = (text: string, by: 'key' | 'command') =>
        this.#guarded(() => this.#mark(text, by));
      stopListening = await listenForMarks(name, (text) => mark(text, 'command'));
      this.#listeners.onOpen(mark);
      this.#listeners.onNotice({ kind: 'opened', folder: record.folder, name });
      const problem = await this.#measure(record).catch((thrown: unknown) => thrown);
      writeMeterEnds(record, this.#plan, this.#sides);
      await finish(
        record,
        this.#sides.map(({ end }) => end),
        problem,
      );
      return record;
    } catch (thrown) {
      await Promise.all(this.#sides.map(({ end }) => end.end().catch(() => null)));
      throw thrown;
    } finally {
      stopListening();
    }
  }

  async #begin(out: string, command: string[]): Promise<WatchRecord> {
    const opened = await Promise.allSettled(this.#sides.map(({ end }) => end.open()));
    for (const one of opened) if (one.status === 'rejected') throw one.reason;
    const hellos = opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const clocks = await Promise.all(this.#sides.map(({ end }) => end.clock()));
    await this.#reach();
    const addressOf = (index: number) => hellos[1 - index]?.peer ?? '';
    const scenario = watchedScenario(this.#plan, [addressOf(0), addressOf(1)]);
    const record = await WatchRecord.open(scenario, out, command);
    for (const [index, side] of this.#sides.entries()) {
      const [hello, clock] = [hellos[index], clocks[index]];
      if (!hello || !clock) continue;
      side.offset = clock;
      side.priority = hello.priority;
      const { host, python, kernel } = hello;
      const where = { end: side.end.name, host, address: addressOf(index), python, kernel };
      record.write({ kind: 'watch.end', atNs: nowNs(), ...where, ...clock });
      const uncertaintyMs = clock.uncertaintyNs / 1e6;
      const { wallOffsetMs } = clock;
      this.#listeners.onNotice({ kind: 'clock', end: side.end.name, uncertaintyMs, wallOffsetMs });
    }
    this.#record = record;
    for (const late of this.#early.splice(0)) late();
    return record;
  }

  /** Both ends must hear each other before anything is measured. Throws NOT_READY. */
  async #reach(): Promise<void> {
    const heard = this.#sides.map(({ end }) => end.next('end.heard', reachWithinMs));
    for (const { end } of this.#sides) end.tell({ cmd: 'reach' });
    const sources = await Promise.all(heard);
    const deaf = sources.flatMap((source, index) => (source === null ? [index] : []));
    if (deaf.length > 0) throw unreached(this.#plan, deaf);
    for (const [index, source] of sources.entries()) {
      const [here, there] = [this.#plan.machines[index], this.#plan.machines[1 - index]];
      if (!source || !here || !there) continue;
      this.#early.push(() => this.#noteTranslation(source, here.name, index));
    }
  }

  #noteTranslation(source: { address: string; port: number }, at: string, index: number): void {
    const node = this.#record?.scenario.topology.nodes[1 - index];
    const address = node && 'address' in node ? (node.address.split('/')[0] ?? '') : '';
    if (!node || (source.address === address && source.port === this.#plan.port)) return;
    const seenAs = `${source.address}:${source.port}`;
    const data = { end: node.name, seenAs, address: `${address}:${this.#plan.port}`, at };
    this.#record?.write({
      kind: 'warning',
      atNs: nowNs(),
      warning: { code: 'address-translated', data },
    });
  }

  async #measure(record: WatchRecord): Promise<void> {
    const { duringMs } = this.#plan;
    this.#startNs = nowNs();
    record.write({ kind: 'phase', atNs: this.#startNs, phase: 'traffic' });
    for (const { end } of this.#sides) end.tell({ cmd: 'start', duringMs });
    this.#listeners.onNotice({ kind: 'measuring' });
    await this.#untilOver(duringMs);
    record.write({ kind: 'phase', atNs: nowNs(), phase: 'stop' });
    this.#stopping = true;
    for (const { end } of this.#sides) end.tell({ cmd: 'stop' });
    await this.#untilHandedOver();
  }

  /** Until the time is over, it is interrupted, or an end is gone. */
  async #untilOver(duringMs: number | null): Promise<void> {
    const endNs = duringMs === null ? Number.POSITIVE_INFINITY : this.#startNs + duringMs * 1e6;
    while (nowNs() < endNs && !this.#listeners.signal.aborted) {
      this.#refuseGone();
      await sleep(Math.min(100, Math.max(1, (endNs - nowNs()) / 1e6)));
    }
  }

  /** An end that cannot be reached now hands over later. Throws WATCH_FAILED for one that is gone. */
  async #untilHandedOver(): Promise<void> {
    let said = false;
    const sinceNs = nowNs();
    for (;;) {
      this.#refuseGone();
      const missing = this.#sides.filter(({ tally }) => tally === null);
      if (missing.length === 0) return;
      const away = missing.filter(({ end }) => !end.reachable);
      const waitedMs = (nowNs() - sinceNs) / 1e6;
      const ends = missing.map(({ end }) => end.name);
      const patienceMs = away.length > 0 ? this.#plan.leaseS * 1000 : tallyWithinMs;
      if (this.#listeners.killSignal.aborted || waitedMs > patienceMs) {
        const message = `${ends.join(' and ')} did not hand over what was recorded there.`;
        throw new LabError('WATCH_FAILED', message, {
          hint: `An end continues on its own for ${this.#plan.leaseS} s, then ends.`,
        });
      }
      if (away.length > 0 && !said && waitedMs > 1000) {
        said = true;
        this.#listeners.onNotice({ kind: 'waiting', ends });
      }
      await sleep(50);
    }
  }

  /** What cannot be recorded ends the watch, and not this program. */
  #guarded(write: () => void): void {
    if (this.#broken !== undefined) return;
    try {
      write();
    } catch (thrown) {
      this.#broken = thrown;
    }
  }

  #refuseGone(): void {
    if (this.#broken !== undefined) throw this.#broken;
    const gone = this.#sides.find((side) => side.gone);
    if (!gone) return;
    throw new LabError(
      'WATCH_FAILED',
      `The end on ${gone.end.name} is gone: it was killed there, or its machine was restarted.`,
      { hint: 'What it had handed over until then is in the record.' },
    );
  }

  #take(index: 0 | 1, line: FarLine): void {
    const [own, other] = [this.#sides[index], this.#sides[index === 0 ? 1 : 0]];
    if (line.kind === 'end.tally') own.tally = line;
    if (this.#record === null) return;
    switch (line.kind) {
      case 'meter.sent':
      case 'meter.received': {
        const { line: _number, ...event } = onThisClock(line, own.offset, other.offset) as FarLine &
          typeof line;
        this.#record.write({ ...event, meter: meterName(this.#plan) });
        this.#look(own, event);
        break;
      }
      case 'end.slept': {
        const data = { end: own.end.name, sleptMs: line.ms };
        const atNs = line.atNs + own.offset.offsetNs;
        this.#record.write({ kind: 'warning', atNs, warning: { code: 'end-slept', data } });
        break;
      }
      case 'end.stopped':
        if (line.why !== 'full') break;
        this.#record.write({
          kind: 'warning',
          atNs: nowNs(),
          warning: { code: 'end-full', data: { end: own.end.name } },
        });
    }
  }

  /** What the receiving end shows of the direction that it receives. */
  #look(side: Side, line: Parameters<LiveOutage['see']>[0]): void {
    const received = side.sends === 'forward' ? 'reverse' : 'forward';
    const [from, to] =
      received === 'forward' ? this.#plan.machines : [...this.#plan.machines].reverse();
    for (const sighting of this.#live[received].see(line)) {
      const ns = sighting.kind === 'dark' ? sighting.sinceNs : sighting.atNs;
      const atMs = (ns - this.#startNs) / 1e6;
      const names = { from: from?.name ?? '', to: to?.name ?? '' };
      this.#listeners.onNotice({ kind: 'outage', ...names, atMs, sighting });
    }
  }

  #mark(text: string, by: 'key' | 'command'): void {
    if (this.#record === null || this.#stopping) return;
    const atNs = nowNs();
    this.#record.write({ kind: 'mark', atNs, text, by });
    const atMs = this.#startNs === 0 ? 0 : (atNs - this.#startNs) / 1e6;
    this.#listeners.onNotice({ kind: 'mark', atMs, text });
  }

  #noteWay(index: 0 | 1, up: boolean): void {
    const { end } = this.#sides[index];
    // What was said while the way was broken did not arrive.
    if (up && this.#stopping) end.tell({ cmd: 'stop' });
    if (this.#record === null) return;
    const atNs = nowNs();
    this.#record.write({ kind: 'watch.way', atNs, end: end.name, up });
    const atMs = (atNs - this.#startNs) / 1e6;
    this.#listeners.onNotice({ kind: 'way', end: end.name, up, atMs });
  }
}

function sshPlace({ via }: WatchPlan): (destination: string) => ProgramPlace {
  return (destination) =>
    destination === thisMachineName ? thisMachine : placeBySsh(via, destination);
}

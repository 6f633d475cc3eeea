/**
 * Chrome trace events (the JSON that ui.perfetto.dev and chrome://tracing open). A trial is a
 * process of the trace; its tracks are the phases, the controller, each meter direction, each
 * iperf3 flow and each node. Zero is the start of traffic; stamps are microseconds.
 */

import type { Episode, JudgedRun, TrialChart, TrialResult } from '../harness/model/result.js';
import { seenText } from './evidence.js';
import { evidenceText } from './recorded/evidence.js';
import {
  directionLabel,
  endpointsOf,
  phaseLabel,
  phaseOrder,
  phaseStretches,
} from './vocabulary.js';

export type TraceEvent =
  | { ph: 'M'; name: string; pid: number; tid: number; args: Record<string, string | number> }
  | {
      ph: 'X';
      name: string;
      cat: string;
      pid: number;
      tid: number;
      ts: number;
      dur: number;
      args: TraceArguments;
    }
  | {
      ph: 'i';
      name: string;
      cat: string;
      pid: number;
      tid: number;
      ts: number;
      s: 't';
      args: TraceArguments;
    }
  | {
      ph: 'C';
      name: string;
      cat: string;
      pid: number;
      tid: number;
      ts: number;
      args: Record<string, number>;
    };

type TraceArguments = Record<string, string | number | boolean | null>;

export interface TraceDocument {
  displayTimeUnit: 'ms';
  otherData: Record<string, string | number>;
  traceEvents: TraceEvent[];
}

export function renderTrace(run: JudgedRun): string {
  return `${JSON.stringify(traceOf(run), null, 1)}\n`;
}

export function traceOf({ result, charts }: JudgedRun): TraceDocument {
  return {
    displayTimeUnit: 'ms',
    otherData: {
      scenario: result.scenario,
      runId: result.runId,
      seed: result.seed,
      verdict: result.verdict,
    },
    traceEvents: result.trials.flatMap((trial, index) =>
      new TrialTrace(trial, charts[index], result.controller).events(),
    ),
  };
}

/** Milliseconds as microseconds, to the nanosecond. */
function us(ms: number): number {
  return Math.round(ms * 1e6) / 1e3;
}

/** Collects one trial's events; a track gets its number when it is first written to. */
class TrialTrace {
  readonly #trial: TrialResult;
  readonly #chart: TrialChart | undefined;
  readonly #controller: string;
  readonly #pid: number;
  readonly #events: TraceEvent[] = [];
  readonly #tracks = new Map<string, number>();

  constructor(trial: TrialResult, chart: TrialChart | undefined, controller: string) {
    this.#trial = trial;
    this.#chart = chart;
    this.#controller = controller;
    this.#pid = trial.index + 1;
  }

  events(): TraceEvent[] {
    const name = `trial ${this.#trial.index + 1} (${this.#trial.verdict})`;
    this.#events.push({ ph: 'M', name: 'process_name', pid: this.#pid, tid: 0, args: { name } });
    for (const episode of this.#trial.episodes) this.#episode(episode);
    this.#nodes();
    this.#throughput();
    return this.#events;
  }

  #tid(track: string): number {
    const known = this.#tracks.get(track);
    if (known !== undefined) return known;
    const tid = this.#tracks.size + 1;
    this.#tracks.set(track, tid);
    const common = { ph: 'M', pid: this.#pid, tid } as const;
    this.#events.push({ ...common, name: 'thread_name', args: { name: track } });
    this.#events.push({ ...common, name: 'thread_sort_index', args: { sort_index: tid } });
    return tid;
  }

  #slice(
    track: string,
    name: string,
    span: { startMs: number; endMs: number },
    args: TraceArguments,
  ): void {
    const ts = us(span.startMs);
    const dur = Math.max(0, us(us(span.endMs) - ts) / 1000);
    this.#events.push({
      ph: 'X',
      cat: 'failover',
      name,
      pid: this.#pid,
      tid: this.#tid(track),
      ts,
      dur,
      args,
    });
  }

  #instant(track: string, name: string, atMs: number, args: TraceArguments): void {
    const common = { ph: 'i', cat: 'failover', s: 't' } as const;
    this.#events.push({
      ...common,
      name,
      pid: this.#pid,
      tid: this.#tid(track),
      ts: us(atMs),
      args,
    });
  }

  #episode(episode: Episode): void {
    const { injectedAtMs } = episode;
    this.#instant(
      'faults',
      `${episode.kind} ${episode.change}: ${episode.targets.join(', ')}`,
      injectedAtMs,
      {
        verified: episode.verified,
        evidence: evidenceText(episode.evidence),
        uncertaintyMs: episode.uncertaintyMs,
      },
    );
    this.#phases(episode);
    this.#outages(episode);
    for (const tcp of episode.tcps) {
      const movingMs = tcp.movingAgainMs;
      if (tcp.stallMs === 0) continue;
      const endMs = injectedAtMs + (movingMs ?? tcp.stallAtLeastMs);
      const startMs = endMs - (tcp.stallMs ?? tcp.stallAtLeastMs);
      this.#slice(
        `iperf3 ${tcp.flow}`,
        'TCP stall',
        { startMs, endMs },
        { stallMs: tcp.stallMs, recovered: tcp.recovered },
      );
    }
  }

  /** Phases as slices one after the other, and each stamp on the track of whoever did it. */
  #phases(episode: Episode): void {
    const ends = endpointsOf(this.#trial);
    for (const { phase, startMs, endMs } of phaseStretches(episode.phases)) {
      const atMs = episode.phases[phase];
      if (atMs === null || endMs === null) continue;
      this.#slice(
        'phases',
        phaseLabel(phase, ends, episode.phaseEvidence),
        { startMs: episode.injectedAtMs + startMs, endMs: episode.injectedAtMs + endMs },
        {
          phase,
          afterFaultMs: atMs,
          step: episode.stepId,
          evidence: seenText(episode.phaseEvidence[phase]),
        },
      );
    }
    for (const phase of phaseOrder.slice(0, 4)) {
      const atMs = episode.phases[phase];
      if (atMs === null) continue;
      this.#instant(
        `controller ${this.#controller}`,
        phaseLabel(phase, ends, episode.phaseEvidence),
        episode.injectedAtMs + atMs,
        { phase },
      );
    }
  }

  #outages(episode: Episode): void {
    for (const network of episode.networks) {
      for (const direction of ['forward', 'reverse'] as const) {
        const measured = network[direction];
        const track = `meter ${directionLabel(direction, network)}`;
        for (const period of measured.longestPeriods) {
          const startMs = episode.injectedAtMs + period.startMs;
          const endMs = startMs + (period.lengthMs ?? measured.outageAtLeastMs);
          this.#slice(
            track,
            period.lengthMs === null ? 'loss, did not end' : 'loss',
            { startMs, endMs },
            { packets: period.packets, firstSequence: period.firstSequence },
          );
        }
      }
    }
  }

  /** Each node's track: when packets went through it, and when it was dead. */
  #nodes(): void {
    const { paths, episodes } = this.#trial;
    const endMs = this.#chart?.trafficEndMs ?? Math.max(0, ...paths.map((path) => path.atMs));
    paths.forEach((path, index) => {
      const next = paths
        .slice(index + 1)
        .find((later) => later.from === path.from && later.to === path.to);
      const span = { startMs: path.atMs, endMs: Math.max(path.atMs, next?.atMs ?? endMs) };
      for (const node of path.nodes) {
        this.#slice(`node ${node}`, `${path.from} → ${path.to}`, span, {
          label: path.label,
          complete: path.complete,
        });
      }
    });
    for (const episode of episodes.filter((each) => each.change === 'injected')) {
      const heal = episodes.find(
        (each) =>
          each.change === 'healed' &&
          each.injectedAtMs > episode.injectedAtMs &&
          each.targets.join() === episode.targets.join(),
      );
      const span = {
        startMs: episode.injectedAtMs,
        endMs: Math.max(episode.injectedAtMs, heal?.injectedAtMs ?? endMs),
      };
      for (const target of episode.targets)
        this.#slice(`fault on ${target}`, episode.kind, span, { step: episode.stepId });
    }
  }

  #throughput(): void {
    for (const line of this.#chart?.throughput ?? []) {
      const tid = this.#tid(`iperf3 ${line.flow}`);
      for (const point of line.points) {
        this.#events.push({
          ph: 'C',
          cat: 'failover',
          name: `throughput ${line.flow}`,
          pid: this.#pid,
          tid,
          ts: us(point.startMs),
          args: { 'Mbit/s': Math.round(point.bps / 1e3) / 1e3 },
        });
      }
    }
  }
}

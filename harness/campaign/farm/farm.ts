/** A farm: other machines that execute trials, however they are reached. */
import type { Capabilities } from '../../model/capabilities.js';
import type { Environment } from '../../model/history/events.js';
import type { Interruption } from '../interruption.js';
import type { FarJob, FarPlace, FarTrouble } from './job.js';
import type { FarRecord } from './packed.js';

/** What became of a machine, as data; its sentence is made in reports/. */
export type MachineNews =
  /** It executes trials, this many at a time. */
  | { state: 'ready'; machine: string; slots: number }
  /** It executes no trial of this campaign. */
  | { state: 'left-out'; machine: string; trouble: FarTrouble }
  /** Its milliseconds are not comparable with the others': it executes no trial of this campaign. */
  | { state: 'kept-apart'; machine: string; differences: string[] }
  /** It was lost, or did not execute a trial: that trial is executed elsewhere. */
  | { state: 'failed'; machine: string; trial: number | null; trouble: FarTrouble }
  /** It answers again. */
  | { state: 'back'; machine: string }
  /** A trial began there. */
  | { state: 'begun'; machine: string; trial: number }
  | { state: 'phase'; machine: string; trial: number; phase: string }
  /** Its record is here; that it took so long is by the clock there. */
  | { state: 'done'; machine: string; trial: number; tookMs: number };

/** A record that came back, and the machine it came from as the campaign calls it. */
export interface ComeBack {
  key: string;
  machine: string;
  record: FarRecord;
}

/** What became of a job: its record, or why no machine has executed it. */
export type FarOutcome = { done: ComeBack } | { failed: FarTrouble };

export interface Farm {
  /** What it can do, and the versions there, for the head of records: of all its machines alike. */
  readonly capabilities: Capabilities;
  readonly environment: Environment;
  readonly place: FarPlace;
  /** The copy of this package that its machines have. */
  readonly packageName: string;
  /** News that no record has yet; whoever records takes them out. */
  readonly unrecorded: MachineNews[];
  /** Trials that one machine executes at a time. */
  readonly slots: number;
  /**
   * Trials that are to be handed over at a time.
   * @param open Results decide which trials follow: no more than the machines execute at once.
   */
  width(open: boolean): number;
  /** Have a job executed once at least. Never rejects. */
  run(job: FarJob): Promise<FarOutcome>;
  /** Called with every record of a job beyond its first. */
  onSurplus(runId: string, take: (record: ComeBack) => void): void;
  /** Fetch what machines that were lost recorded of a run and could not hand over. */
  collect(runId: string): Promise<void>;
  /** End what is still there. Never rejects. */
  close(): Promise<void>;
}

export interface FarmListeners extends Interruption {
  onNews: (news: MachineNews) => void;
  /** Where `onNews` puts what is to be recorded. */
  unrecorded: MachineNews[];
}

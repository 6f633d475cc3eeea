/** What a campaign reports while it goes on; `label` is the record's name, empty when there is one. */
import type { HistoryEvent } from '../model/history/events.js';
import type { TrialResult } from '../model/result.js';
import type { MachineNews } from './farm/farm.js';
import type { RunEnd } from './lost-runner.js';

export type Progress =
  /** A record of this scenario was opened, in this folder. */
  | { kind: 'opened'; label: string; scenario: string; folder: string }
  /** Something was recorded. */
  | { kind: 'event'; label: string; event: HistoryEvent }
  /** A trial is over and was judged. */
  | { kind: 'judged'; label: string; trial: TrialResult }
  /** A trial ended with an error. */
  | { kind: 'failed'; label: string; trial: number; error: NonNullable<RunEnd['error']> }
  /** A trial is run again, since this machine disturbed it; `left` further ones may be. */
  | { kind: 'replaced'; label: string; trial: number; left: number }
  /** A gate is not decided by its first `after` trials and runs `added` more. */
  | { kind: 'added'; label: string; after: number; added: number }
  /** What became of a machine that executes trials for this campaign. */
  | { kind: 'machine'; label: ''; news: MachineNews }
  /** A record has its end and its reports. */
  | { kind: 'ended'; label: string; folder: string };

export type OnProgress = (progress: Progress) => void;

/** What a check found, as data. `harness/doctor/render.ts` makes text of it. */
import type { Machine } from './machine.js';

export interface Finding {
  /** Stable name, for `--json` and for tests. */
  id: string;
  /**
   * `yes`: nothing to do. `warning`: labs run, with a limit that the sentence names. `no`: no lab
   * runs until this is mended.
   */
  ok: 'yes' | 'no' | 'warning';
  sentence: string;
  /** What mends it: a command line, or a sentence. */
  remedy?: string;
}

/** Looks at a machine and changes nothing on it. */
export type Check = (machine: Machine) => Promise<Finding> | Finding;

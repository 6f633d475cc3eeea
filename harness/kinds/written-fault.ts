/** What written faults of several kinds have in common. */
import type { Target } from '../language/written/targets.js';

export interface FaultOptions {
  /** Name of the fault, for `heal('name')` and `after(recovered.from('name'), …)`. */
  as?: string;
}

export interface DirectedOptions extends FaultOptions {
  /**
   * One way only: `'forward'` is from the first to the second end of a link as it is written, or
   * from → to of a role such as `linkOnPath`. Left out: `'both'`.
   */
  direction?: 'both' | 'forward' | 'reverse';
}

/** A fault of this kind on a target. */
export interface On<Kind extends string> {
  kind: Kind;
  target: Target;
}

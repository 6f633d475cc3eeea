/** What nodes with Open vSwitch have in common, as it is written and as it is bound. */
import { text, word } from '../language/schema/fields.js';
import type { NodeContext } from './node-kind.js';

export interface SwitchOptions {
  /** OpenFlow datapath id, up to 16 hex digits; left out: assigned in order. */
  dpid?: string;
  /** Loop protection of the switch's own. Left out: `'none'`. */
  spanningTree?: 'none' | 'stp' | 'rstp';
  /**
   * What the switch does without a controller: drop (`'secure'`) or learn (`'standalone'`). Left
   * out: `'secure'` with a controller, `'standalone'` without.
   */
  failMode?: 'secure' | 'standalone';
}

/** The same, as it is checked. */
export const switchOptions = {
  dpid: text.optional(),
  spanningTree: word(['none', 'stp', 'rstp']).optional(),
  failMode: word(['secure', 'standalone']).optional(),
};

interface Bound {
  name: string;
  dpid: string;
  spanningTree: 'none' | 'stp' | 'rstp';
  failMode: 'secure' | 'standalone';
}

/** Binds what they share. */
export function boundSwitch(
  part: { name: string } & SwitchOptionsRead,
  { datapathIds, alone, protection }: NodeContext,
): Bound {
  return {
    name: part.name,
    dpid: datapathIds.get(part) ?? '',
    spanningTree: part.spanningTree ?? protection ?? 'none',
    failMode: part.failMode ?? (alone ? 'standalone' : 'secure'),
  };
}

interface SwitchOptionsRead {
  spanningTree?: Bound['spanningTree'] | undefined;
  failMode?: Bound['failMode'] | undefined;
}

/** A learning switch on a loop without a spanning tree. */
export function circlesWithoutTree(
  node: Pick<Bound, 'spanningTree' | 'failMode'>,
  learnsAll: boolean,
): boolean {
  return node.spanningTree === 'none' && (learnsAll || node.failMode === 'standalone');
}

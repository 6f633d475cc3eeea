/** The interface of a host that has its addresses. Pure. */
import type { ResolvedBond, ResolvedTopology } from '../resolved.js';

/** The bond of a host; undefined where it has none. */
export function bondOf(
  { bonds }: Pick<ResolvedTopology, 'bonds'>,
  host: string,
): ResolvedBond | undefined {
  return bonds?.find(({ node }) => node === host);
}

/** Loss that a scenario gives its links is expected: traffic must become ready beside it. Pure. */
import type { ResolvedTopology } from '../../model/resolved.js';

/** A hole is trouble when planned loss makes one like it less often than once in this time. */
const raritySeconds = 1000;
/** Nothing shorter than this is trouble where links lose packets by plan. */
const shortestMs = 100;

/**
 * The longest run of lost probes that planned loss explains, in milliseconds; 0 where no link loses
 * any. All links count, since it is not known yet which of them will carry the probes.
 */
export function plannedHoleMs(
  { links, tunnels }: Pick<ResolvedTopology, 'links' | 'tunnels'>,
  rateHz: number,
): number {
  const passes = [...links, ...tunnels].reduce((share, { lossPercent }) => {
    return share * (1 - lossPercent / 100);
  }, 1);
  const lost = 1 - passes;
  if (lost <= 0 || passes <= 0) return 0;
  const probes = Math.log(rateHz * raritySeconds) / -Math.log(lost);
  return Math.max(shortestMs, ((probes + 1) * 1000) / rateHz);
}

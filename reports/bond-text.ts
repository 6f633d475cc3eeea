/** A bond in words. Pure. */
import type { ResolvedBond } from '../harness/model/resolved.js';
import { formatDuration } from '../harness/model/units.js';

/** Such as `h1-bond of h1-s1 (primary), h1-s2: active-backup, carrier every 100 ms`. */
export function bondText(bond: ResolvedBond): string {
  const { port, members, mode, primary, lacpRate, downDelayMs, upDelayMs } = bond;
  const names = members.map(({ link }) => (link === primary ? `${link} (primary)` : link));
  return [
    `${port} of ${names.join(', ')}: ${lacpRate === null ? mode : `LACP, ${lacpRate}`}`,
    watchedBy(bond),
    ...(downDelayMs > 0 ? [`down after ${formatDuration(downDelayMs)}`] : []),
    ...(upDelayMs > 0 ? [`up after ${formatDuration(upDelayMs)}`] : []),
  ].join(', ');
}

function watchedBy({ monitor }: ResolvedBond): string {
  const every = formatDuration(monitor.everyMs);
  if (monitor.by === 'carrier') return `carrier every ${every}`;
  return `ARP to ${monitor.targets.join(', ')} every ${every}`;
}

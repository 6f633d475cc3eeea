/** The clock of a guest: it begins at 0 with each boot, and moves only when nothing is to be done. */
import type { SiteClock } from '../site.js';

/**
 * What the supervisor records itself has no moment in the guest: it bears the latest stamp that
 * came from there, so that the same trial has the same record.
 */
export const guestClock: SiteClock = {
  kind: 'virtual',
  keepsPace: false,
  nowNs: (lastNs) => lastNs,
};

/** The clock of every site that shares the supervisor's kernel. */
import { nowNs } from '../clock.js';
import type { SiteClock } from './site.js';

export const realClock: SiteClock = { kind: 'real', keepsPace: true, nowNs };

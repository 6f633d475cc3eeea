/** One line for each thing that is seen while a network is watched. Pure. */

import type { WatchNotice } from '../api/watch.js';
import { secondsText } from '../judge/units.js';

/** Null for what needs no line. */
export function noticeText(notice: WatchNotice): string | null {
  switch (notice.kind) {
    case 'opened':
      return `recording as ${notice.name}; from another terminal: failover-lab mark "…"`;
    case 'clock': {
      const { end, uncertaintyMs, wallOffsetMs } = notice;
      const apart =
        Math.abs(wallOffsetMs) >= 1000
          ? `; its wall clock is ${secondsText(wallOffsetMs)} from this machine's`
          : '';
      return `${end}: clock read to ± ${uncertaintyMs.toFixed(1)} ms${apart}`;
    }
    case 'measuring':
      return 'measuring; break the network now. Any key marks the moment, q or Ctrl-C ends';
    case 'mark':
      return `${at(notice.atMs)}  mark: ${notice.text}`;
    case 'way':
      return notice.up
        ? `${at(notice.atMs)}  ${notice.end} can be reached again and hands over what it recorded`
        : `${at(notice.atMs)}  ${notice.end} cannot be reached by ssh; it goes on recording`;
    case 'waiting':
      return `waiting for ${notice.ends.join(' and ')} to hand over; Ctrl-C gives up`;
    case 'outage': {
      const { from, to, atMs, sighting } = notice;
      if (sighting.kind === 'dark') return `${at(atMs)}  ${from} → ${to} dark`;
      const { outageMs, announced } = sighting;
      const length = `${outageMs.toFixed(1)} ms`;
      return announced
        ? `${at(atMs)}  ${from} → ${to} back after ${length}`
        : `${at(atMs)}  ${from} → ${to} was dark for ${length}`;
    }
  }
}

function at(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`.padStart(9);
}

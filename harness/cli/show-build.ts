/** How far something is that is built for minutes: a bar at a terminal, elsewhere a line a step. */
import { createLogUpdate } from 'log-update';
import type { Screen } from './screen.js';

const barCells = 24;

export interface ShownBuild {
  /** @param progress `share` of the whole that is done, 0 to 1. */
  see(progress: { step: string; share: number }): void;
  end(): void;
}

export function showBuild(screen: Screen): ShownBuild {
  const update = screen.live ? createLogUpdate(process.stderr) : null;
  let shown = '';
  return {
    see({ step, share }) {
      if (update) {
        const done = Math.round(share * barCells);
        const bar = '█'.repeat(done) + '░'.repeat(barCells - done);
        update(`${bar} ${String(Math.round(share * 100)).padStart(3)} %  ${step}`);
      } else if (step !== shown) screen.err(`${step}\n`);
      shown = step;
    },
    end() {
      update?.clear();
      update?.done();
    },
  };
}

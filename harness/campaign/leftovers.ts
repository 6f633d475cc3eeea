/** What is left of a run when its labs are gone. */
import { setTimeout as sleep } from 'node:timers/promises';
import { nowNs } from '../clock.js';
import type { RunTraces } from '../sites/site.js';

/** The kernel needs a moment to take a sandbox away; what is still there after it is a leftover. */
export async function countLeftovers(traces: RunTraces): Promise<string[]> {
  const deadline = nowNs() + 2e9;
  let leftovers = traces.leftovers();
  while (leftovers.length > 0 && nowNs() < deadline) {
    await sleep(50);
    leftovers = traces.leftovers();
  }
  return leftovers;
}

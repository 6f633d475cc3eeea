/** The end of a watch: what its ends counted, that they are gone, and how it ended. */
import { nowNs } from '../clock.js';
import { LabError, messageOf } from '../errors.js';
import type { Direction } from '../model/history/events.js';
import type { FarEnd } from './far-end.js';
import type { WatchRecord } from './record.js';
import type { WatchPlan } from './request.js';
import { meterName } from './scenario.js';

interface Counted {
  sends: Direction;
  tally: { sent: number; received: number; cpuNs: number } | null;
  priority: string;
}

/** One event a direction: what one end sent, and what the other received of it. */
export function writeMeterEnds(
  record: WatchRecord,
  plan: WatchPlan,
  sides: readonly Counted[],
): void {
  for (const side of sides) {
    const other = sides.find((one) => one !== side);
    if (!side.tally || !other?.tally) continue;
    record.write({
      kind: 'meter.end',
      atNs: nowNs(),
      meter: meterName(plan),
      direction: side.sends,
      packetsSent: side.tally.sent,
      packetsReceived: other.tally.received,
      cpuNs: side.tally.cpuNs,
      priority: side.priority,
    });
  }
}

/** End both ends, look for what is left there, and close the record. */
export async function finish(
  record: WatchRecord,
  ends: readonly FarEnd[],
  problem: unknown,
): Promise<void> {
  const beforeNs = nowNs();
  record.write({ kind: 'phase', atNs: beforeNs, phase: 'clean' });
  const left = await Promise.all(
    ends.map(async (end) => (await end.end()) ?? [`perhaps an end on ${end.name}`]),
  );
  record.write({
    kind: 'cleanup',
    atNs: nowNs(),
    leftovers: left.flat(),
    mnCleanExitCode: null,
    mnCleanMs: (nowNs() - beforeNs) / 1e6,
    mnCleanRemoved: [],
  });
  const error = problem === undefined ? null : errorOf(problem);
  const reason = error === null ? ('completed' as const) : ('failed' as const);
  record.write({ kind: 'trial.end', atNs: nowNs(), reason, error });
  record.write({ kind: 'run.end', atNs: nowNs(), reason, error, leftovers: left.flat() });
  record.close();
}

function errorOf(problem: unknown) {
  const known = problem instanceof LabError ? problem : undefined;
  const hint = known?.hint === undefined ? {} : { hint: known.hint };
  return { code: known?.code ?? 'INTERNAL', message: messageOf(problem), ...hint };
}

/** `failover-lab bench virtual`: what a trial in virtual time costs, and where that goes. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { renderTable } from '../../../reports/terminal/table.js';
import { run } from '../../api/run.js';
import { type PhaseCost, phaseCosts, readingAt, totalCost } from '../../bench/virtual.js';
import type { Progress } from '../../campaign/progress.js';
import { guestSite, kernelVariable } from '../../sites/guest.js';
import { processorTime, runningGuests } from '../../sites/guest-cost.js';
import type { CommandContext } from '../context.js';
import { followed } from '../follow.js';

export interface BenchVirtualFlags {
  scenario: string;
  seed: number;
  kernel?: string;
  json?: boolean;
}

/** Run one trial and print what each of its phases cost. */
export async function runVirtual(flags: BenchVirtualFlags, context: CommandContext): Promise<void> {
  const { scenario, seed, kernel, json } = flags;
  if (kernel !== undefined) process.env[kernelVariable] = resolve(kernel);
  const out = mkdtempSync(join(tmpdir(), 'failover-lab-bench-virtual-'));
  const watch = watchGuest();
  const { folder, result } = await followed(context, (listeners) =>
    run(scenario, {
      ...{ seed, out, sandbox: guestSite, ...listeners },
      onProgress: (progress) => {
        watch.see(progress);
        listeners.onProgress(progress);
      },
    }),
  );
  const phases = phaseCosts(watch.readings, watch.last());
  const report = { scenario, seed, verdict: result.verdict, phases, all: totalCost(phases) };
  context.screen.out(
    json
      ? `${JSON.stringify(report, null, 2)}\n`
      : `${[...tableOf([...phases, report.all], context.screen.columns), `${scenario}, seed ${seed}: ${result.verdict}, recorded in ${folder}`].join('\n')}\n`,
  );
}

/** Reads what the guest has cost, at each phase and about ten times a second. */
function watchGuest() {
  let guest: number | undefined;
  let last = { user: 0, system: 0 };
  const now = () => {
    guest ??= runningGuests()[0];
    const read = guest === undefined ? last : processorTime(guest);
    // A guest that is being taken down has given back a part of what it counts.
    if (read.user + read.system > last.user + last.system) last = read;
    return last;
  };
  const timer = setInterval(now, 100);
  timer.unref();
  const readings: NonNullable<ReturnType<typeof readingAt>>[] = [];
  return {
    readings,
    see(progress: Progress) {
      const reading = progress.kind === 'event' ? readingAt(progress.event, now) : undefined;
      if (reading) readings.push(reading);
    },
    last() {
      clearInterval(timer);
      return last;
    },
  };
}

function tableOf(costs: readonly PhaseCost[], columns: number): string[] {
  const titles = ['phase', 'virtual', 'user', 'system', 'processor', 'per virtual second'];
  const head = titles.map((title, at) => ({
    title,
    align: at === 0 ? ('left' as const) : ('right' as const),
  }));
  const seconds = (value: number) => `${value.toFixed(1)} s`;
  const body = costs.map(({ phase, virtualSeconds, user, system }) => [
    phase,
    ...[virtualSeconds, user, system, user + system].map(seconds),
    virtualSeconds > 0 ? seconds((user + system) / virtualSeconds) : '–',
  ]);
  return renderTable(head, body, { columns });
}

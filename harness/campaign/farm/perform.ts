/** The far end: executes the trial of one job on this machine and packs its record. */
import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { nowNs } from '../../clock.js';
import { collectEnvironment } from '../../doctor/environment.js';
import { LabError } from '../../errors.js';
import { invalidScenario } from '../../language/problems.js';
import type { HistoryEvent } from '../../model/history/events.js';
import type { Interruption } from '../interruption.js';
import { countLeftovers } from '../leftovers.js';
import type { RunEnd } from '../lost-runner.js';
import { readLogs } from '../store/run-logs.js';
import { ThisMachine } from '../this-machine.js';
import type { TrialPlan } from '../trial-plan.js';
import { commandInData, refuseForeignCode } from './foreign-code.js';
import { type FarJob, planOfJob } from './job.js';
import type { FarRecord } from './packed.js';
import { siteHere } from './place.js';

export interface Performance extends Interruption {
  /** Names this time that the trial is executed. */
  execution: string;
  /** Folder for what exists only while the trial is executed. */
  workFolder: string;
  onEvent: (event: HistoryEvent) => void;
}

/** A name for one time that a trial is executed. */
export function newExecution(): string {
  return randomUUID();
}

/**
 * Execute the trial. What it measured, or how it failed, is in the record. Throws LabError when this
 * machine cannot execute it: another one may.
 */
export async function perform(job: FarJob, performance: Performance): Promise<FarRecord> {
  const began = nowNs();
  const plan = planOfJob(job);
  refuseCode(plan);
  const events: HistoryEvent[] = [];
  const record = (event: HistoryEvent) => {
    events.push(event);
    performance.onEvent(event);
  };
  const done = job.emptyMs === undefined ? await runLab(job, plan, performance, record) : null;
  if (job.emptyMs !== undefined) await sleep(job.emptyMs);
  return {
    execution: performance.execution,
    machine: hostname(),
    lines: events.map((event) => JSON.stringify(event)),
    logs: done?.logs ?? {},
    end: done?.end ?? { reason: 'completed', error: null },
    leftovers: done?.leftovers ?? [],
    tookMs: (nowNs() - began) / 1e6,
  };
}

/** Throws SCENARIO_INVALID for data that would start programs of whoever made the job. */
function refuseCode({ scenario }: TrialPlan): void {
  refuseForeignCode(scenario);
  const text = commandInData(scenario);
  if (text === null) return;
  const message = `The scenario of the job has ${JSON.stringify(text.slice(0, 80))}, which a shell would read as more than a word.`;
  const hint = 'Names and values have letters, digits and the characters . : _ / + = , % @ - only.';
  throw new LabError('SCENARIO_INVALID', message, { hint });
}

interface Done {
  end: RunEnd;
  logs: Record<string, string>;
  leftovers: string[];
}

async function runLab(
  { place, head }: FarJob,
  planned: TrialPlan,
  { execution, workFolder, interrupted, killed }: Performance,
  write: (event: HistoryEvent) => void,
): Promise<Done> {
  const site = await siteHere(place);
  const { scenario, problems } = site.adapt(planned.scenario);
  if (problems.length > 0) throw invalidScenario(scenario.name, problems);
  const plan = { ...planned, scenario };
  await site.claim({ scenario, parallel: 1 });
  const environment = await collectEnvironment({ ...place, substitutions: [] });
  const folder = join(workFolder, execution);
  mkdirSync(join(folder, 'logs'), { recursive: true, mode: 0o755 });
  try {
    const options = { folder, headScenario: head, keepFolders: [], site, environment };
    const worker = new ThisMachine({ ...options, interrupted, killed });
    const traces = worker.watch(execution);
    let lastNs = 0;
    const record = {
      nowNs: () => worker.nowNs(lastNs),
      write: (event: HistoryEvent) => {
        lastNs = Math.max(lastNs, event.atNs);
        write(event);
      },
    };
    const end = await worker.run(execution, plan, false, record);
    await worker.close();
    return { end, logs: readLogs(folder), leftovers: await countLeftovers(traces) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

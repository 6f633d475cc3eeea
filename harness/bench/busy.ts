/**
 * What a busy machine does to verdicts: whole runs beside processor hogs. Beside them a run may be
 * inconclusive; it must not fail, since nothing is wrong with its network. The control: a loss that
 * a filter makes in a node's network, of the size that hogs cause, must still fail.
 */

import { join } from 'node:path';
import { execa } from 'execa';
import { sentencesOf } from '../../reports/reasons/index.js';
import { type RunResult, runResultSchema } from '../model/result.js';
import { isValid } from '../model/trial-status.js';
import { packageRoot } from '../package-root.js';
import { dropFor } from './busy/injected-loss.js';
import { startHogs } from './hogs.js';

export interface BusyOptions {
  /** Scenario and how many runs of it. */
  runs: ReadonlyArray<readonly [scenario: string, count: number]>;
  hogs: number;
  /** Runs of the control, each with a loss of `injectedLossMs`. */
  controls: number;
  injectedLossMs: number;
  /** The first run's; each further run of a scenario has the next one. */
  seed: number;
  /** Folder for the runs. */
  out: string;
  onProgress: (text: string) => void;
  signal: AbortSignal;
}

/** One run beside the hogs. */
export interface BusyReading {
  scenario: string;
  seed: number;
  /** A filter dropped all packets of a node for a moment. */
  injected: boolean;
  verdict: RunResult['verdict'];
  exitCode: number | null;
  validAtFirst: boolean;
  valid: boolean;
  attempts: number;
  /** Packets that this machine dropped in the attempt that counts, and probes lost in it. */
  packetsDropped: number;
  probesLost: number;
  probesDropped: number;
  reasons: string[];
}

/** The scenario of the control: its network loses nothing, and it expects so. */
const controlScenario = 'controller-failover';
/** After traffic began: between the crash of the controller and its heal. */
const injectAfterMs = 6500;

/** Makes every run in turn. Throws when a run gave no result. */
export async function benchBusy(options: BusyOptions): Promise<BusyReading[]> {
  const planned = [
    ...options.runs.flatMap(([scenario, count]) => seedsOf(scenario, count, options.seed, false)),
    ...seedsOf(controlScenario, options.controls, options.seed, true),
  ];
  const endHogs = startHogs(options.hogs);
  const readings: BusyReading[] = [];
  try {
    for (const plan of planned) {
      if (options.signal.aborted) break;
      const reading = await takeReading(plan, options);
      readings.push(reading);
      options.onProgress(progressOf(reading, readings.length, planned.length));
    }
  } finally {
    endHogs();
  }
  return readings;
}

type Plan = Pick<BusyReading, 'scenario' | 'seed' | 'injected'>;

function seedsOf(scenario: string, count: number, seed: number, injected: boolean): Plan[] {
  return Array.from({ length: count }, (_, n) => ({ scenario, seed: seed + n, injected }));
}

async function takeReading(plan: Plan, options: BusyOptions): Promise<BusyReading> {
  const { scenario, seed, injected } = plan;
  const out = join(options.out, `${scenario}-${seed}${injected ? '-injected' : ''}`);
  const program = join(packageRoot(), 'harness/setup/start.mjs');
  // The control fails by its one loss: another attempt would be another network.
  const words = [
    '--seed',
    String(seed),
    '--json',
    '--out',
    out,
    ...(injected ? ['--replace', '0'] : []),
  ];
  const run = execa(process.execPath, [program, 'run', scenario, ...words], {
    reject: false,
    cancelSignal: options.signal,
  });
  if (injected) {
    const loss = { out, node: 'e1', port: 'e1-nic', lossMs: options.injectedLossMs };
    await Promise.race([run, dropFor({ ...loss, afterMs: injectAfterMs })]);
  }
  const ended = await run;
  const result = runResultSchema.parse(JSON.parse(ended.stdout));
  return { ...plan, exitCode: ended.exitCode ?? null, ...figuresOf(result) };
}

function figuresOf({
  verdict,
  trials,
  reasons,
}: RunResult): Omit<BusyReading, keyof Plan | 'exitCode'> {
  const [trial] = trials;
  const others = trial?.attempts ?? [];
  const valid = trial !== undefined && isValid(trial);
  return {
    verdict,
    validAtFirst: valid && trial.attempt === 0,
    valid,
    attempts: 1 + others.length,
    packetsDropped: trial?.machine?.packetsDropped ?? 0,
    probesLost: trial?.machine?.probesLost ?? 0,
    probesDropped: trial?.machine?.probesDropped ?? 0,
    reasons: sentencesOf(reasons),
  };
}

function progressOf(reading: BusyReading, done: number, of: number): string {
  const { scenario, seed, injected, verdict, attempts, packetsDropped } = reading;
  const control = injected ? ' with an injected loss' : '';
  return (
    `${done}/${of}: ${scenario} seed ${seed}${control}: ${verdict}, ${attempts} attempts, ` +
    `${packetsDropped} packets dropped by this machine`
  );
}

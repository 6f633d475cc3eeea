/**
 * One trial, whole: build → controller → ready → traffic → timeline → stop → clean. Where the lab is
 * kept, the next one begins at ready.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { nowNs } from '../clock.js';
import { LabError, messageOf } from '../errors.js';
import type { EventOf } from '../model/history/events.js';
import type { RunnerPlan } from '../model/plan.js';
import { withSourcePlaces } from '../source-places.js';
import { CleanupStack } from './cleanup-stack.js';
import { seedHashes } from './hash-seeds.js';
import type { Journal } from './journal.js';
import { Lab } from './lab.js';
import { daemonsOf } from './lab-processes.js';
import { mnClean } from './mn-clean.js';
import { type ArrivalQueue, type DriveNote, obeyOrders } from './modes/drive.js';
import { measureOverhead, type OverheadPair, overheadOrder } from './modes/overhead.js';
import { serveShell } from './modes/shell.js';
import { failWithProcesses, whileNeeded } from './needed-processes.js';
import { Traffic } from './planned-traffic.js';
import { followPrograms, type RunningProgram, startPrograms } from './programs.js';
import { readinessOf } from './readiness/conditions.js';
import { watchRates } from './readiness/rate.js';
import { awaitReady } from './readiness/ready.js';
import { Failures } from './root-cause.js';
import { awaitRoundTime } from './round-time.js';
import { applyShaping } from './shaping.js';
import { followTicks, type Ticks } from './timeline/controller-period.js';
import { awaitSettled } from './timeline/recovery.js';
import { Timeline } from './timeline/timeline.js';
import { awaitTrafficTime } from './timeline/traffic-time.js';

/** What the supervisor sends once the first plan is there. */
interface Arrivals {
  plans: ArrivalQueue<RunnerPlan>;
  orders: ArrivalQueue<unknown>;
}

/** What the trials of one lab share. */
interface LabWork {
  journal: Journal;
  orders: ArrivalQueue<unknown>;
  ticks: Ticks;
  cleanup: CleanupStack;
  signal: AbortSignal;
  /** Abort `signal` when the lab can carry no trial any more. */
  failures: Failures;
  /** Once it is built: the lab, and how many undos take it down. */
  built?: { lab: Lab; undos: number };
}

/**
 * Run trials in one lab, which the first of them builds, for as long as it is whole and to be kept;
 * then take it down. Everything they learn goes to `journal`; never throws.
 */
export async function runLab(
  first: RunnerPlan,
  journal: Journal,
  { plans, orders }: Arrivals,
  interrupted: AbortSignal,
): Promise<void> {
  const broken = new AbortController();
  const signal = AbortSignal.any([interrupted, broken.signal]);
  const failures = new Failures(broken);
  failWithProcesses(journal, first.mode, failures);
  const cleanup = new CleanupStack(10_000 + 300 * first.scenario.topology.nodes.length);
  const work = { journal, orders, ticks: followTicks(journal), cleanup, signal, failures };
  const next = () => (signal.aborted ? null : plans.next(signal).catch(() => null));
  let end: TrialEnd | null = null;
  for (let plan: RunnerPlan | null = first; plan; plan = end ? null : await next()) {
    end = await runTrial(plan, work, interrupted);
  }
  journal.emit({ kind: 'phase', atNs: nowNs(), phase: 'clean' });
  await undo(work, 0);
  const onHost = first.scenario.topology.rootPrefix !== undefined;
  await mnClean(journal, first, onHost);
  journal.emit({ kind: 'phase', atNs: nowNs(), phase: 'done' });
  if (end) journal.emit({ kind: 'trial.end', atNs: nowNs(), ...end });
}

/** Run one trial. Its end is reported here, and null is returned, when its lab is kept; else it comes after cleaning. */
async function runTrial(
  plan: RunnerPlan,
  work: LabWork,
  interrupted: AbortSignal,
): Promise<TrialEnd | null> {
  const { journal, built } = work;
  const { differs, seed, stratum, phaseOffsetMs } = plan;
  const head = {
    ...{ seed, stratum, phaseOffsetMs },
    ...labOf(built?.lab),
    ...(Object.keys(differs).length > 0 ? { differs } : {}),
  };
  journal.turnTo(plan.trial, plan.attempt);
  journal.emit({ kind: 'trial.start', atNs: nowNs(), ...head });
  let whole = false;
  try {
    whole = await measure(plan, work);
  } catch (thrown) {
    return endOf(interrupted.aborted ? thrown : await work.failures.causeOf(thrown), interrupted);
  }
  const end = { reason: 'completed' as const, error: null };
  if (!plan.keepLab || !whole || !(await undo(work, work.built?.undos ?? 0))) return end;
  journal.emit({ kind: 'trial.end', atNs: nowNs(), ...end });
  journal.note({ note: 'kept' });
  return null;
}

/** The lab that a trial continues; nothing for one that has its own. */
function labOf(lab: Lab | undefined) {
  if (!lab) return {};
  const { firstTrial, firstAttempt } = lab;
  return { lab: firstTrial, ...(firstAttempt > 0 ? { labAttempt: firstAttempt } : {}) };
}

/** Undo all but the lowest `kept` steps. False when something could not be undone. */
async function undo({ journal, cleanup }: LabWork, kept: number): Promise<boolean> {
  const failures = await cleanup.run(kept);
  for (const { label, message } of failures) {
    journal.warn({ code: 'undo-failed', data: { step: label, message } });
  }
  return failures.length === 0;
}

/** Returns whether the network is whole again. */
async function measure(plan: RunnerPlan, work: LabWork): Promise<boolean> {
  const { journal, orders, cleanup, signal, failures } = work;
  const { scenario } = plan;
  const rates = watchRates(journal, scenario.flows);
  const { lab, traffic, programs } = await makeReady(plan, work);
  if (plan.mode === 'shell') {
    // From here on the network carries what its user sends, and nothing else.
    await traffic.stopMeters();
    await serveShell(lab, orders, (note) => journal.note(note), signal);
    return true;
  }

  await awaitRoundTime(plan.beginsAtMultipleMs, signal);
  journal.emit({ kind: 'phase', atNs: nowNs(), phase: 'traffic' });
  if (plan.mode === 'overhead') {
    await traffic.stopMeters();
    const order = overheadOrder.parse(await orders.next(signal));
    const tell = (pair: OverheadPair) => journal.note({ note: 'overhead', ...pair });
    await measureOverhead(lab, order, tell, signal);
    return true;
  }
  const startNs = nowNs();
  await traffic.startFlows(cleanup);
  const baseline = setTimeout(() => rates.markBaseline(), scenario.limits.cleanMs);
  const over = new AbortController();
  const during = AbortSignal.any([signal, over.signal]);
  const timeline = new Timeline(lab, traffic, rates, work.ticks, during);
  cleanup.defer('healing the remaining faults', () => timeline.faults.healAll());
  const flows = traffic.followFlows(startNs, rates, cleanup, during);
  const followed = followPrograms(lab, programs, startNs, cleanup, during);
  for (const one of [flows, followed]) {
    one.catch((thrown) => during.aborted || failures.broken.abort(thrown));
  }
  try {
    if (plan.mode === 'drive') {
      await sleep(scenario.limits.cleanMs + 100, undefined, { signal });
      const tell = (note: DriveNote) => journal.note(note);
      await obeyOrders(lab, timeline, startNs, orders, tell, signal);
    } else {
      const parts = { timeline: timeline.walk(startNs), flows };
      await awaitTrafficTime(parts, scenario, startNs, journal, over, signal);
    }
  } finally {
    clearTimeout(baseline);
    rates.stop();
    over.abort();
    await Promise.all([flows.catch(() => {}), followed.catch(() => {})]);
  }
  await timeline.faults.healAll();
  journal.emit({ kind: 'phase', atNs: nowNs(), phase: 'stop' });
  await traffic.stopFlows();
  await traffic.stopMeters();
  lab.counters('end');
  return timeline.faults.whole;
}

interface Ready {
  lab: Lab;
  traffic: Traffic;
  programs: RunningProgram[];
}

/** Build the network, or take it as the last trial left it; wait until it is provably ready. */
async function makeReady(plan: RunnerPlan, work: LabWork): Promise<Ready> {
  const { journal, cleanup, signal, failures } = work;
  const { limits, meters } = plan.scenario;
  const reused = work.built !== undefined;
  if (reused) journal.emit({ kind: 'phase', atNs: nowNs(), phase: 'ready' });
  const lab = work.built?.lab ?? (await build(plan, work));
  lab.plan = plan;
  const traffic = new Traffic(lab, signal);
  await seedHashes(lab);
  await traffic.startMeters(cleanup);
  if (reused) {
    journal.restate();
    // Daemons that were started again have new process ids, and call the controller again.
    await lab.bridge.refresh();
    lab.handshakes.reset();
  } else {
    await lab.controller.ready();
  }
  await whileNeeded(journal, daemonsOf(lab.bridge, lab.topology), failures, async () => {
    if (reused) {
      await lab.hastenReconnects();
      await awaitSettled(lab, signal);
    } else {
      await lab.connectSwitches();
      await lab.startBfd();
      journal.emit({ kind: 'phase', atNs: nowNs(), phase: 'ready' });
    }
    await awaitReady(readinessOf(lab, traffic), limits.readyTimeoutMs, journal.emit, signal);
  });
  const programs = await startPrograms(lab, cleanup, signal);
  if (!reused) await lab.hastenReconnects();
  lab.counters('ready');
  for (const { from, to } of meters) {
    await lab.path(from, to, 'ready');
    await lab.path(to, from, 'ready');
  }
  return { lab, traffic, programs };
}

async function build(plan: RunnerPlan, work: LabWork): Promise<Lab> {
  const { journal, cleanup, failures } = work;
  const lab = await Lab.open(plan, journal, cleanup, failures);
  if (plan.mode !== 'overhead') await lab.watch(cleanup);
  await applyShaping(lab);
  if (plan.keepLab) await lab.forgetPastConnections();
  work.built = { lab, undos: cleanup.size };
  return lab;
}

type TrialEnd = Pick<EventOf<'trial.end'>, 'reason' | 'error'>;

function endOf(failure: unknown, interrupted: AbortSignal): TrialEnd {
  if (interrupted.aborted) {
    const error = { code: 'INTERRUPTED', message: 'The run was interrupted.' };
    return { reason: 'interrupted', error };
  }
  const known = failure instanceof LabError ? failure : undefined;
  const error = {
    code: known?.code ?? 'INTERNAL',
    message:
      known?.message ?? withSourcePlaces(String((failure as Error)?.stack ?? messageOf(failure))),
    ...(known?.hint ? { hint: known.hint } : {}),
  };
  return { reason: 'failed', error };
}

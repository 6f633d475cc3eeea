/** One trial, whole: build → controller → ready → traffic → timeline → stop → clean. */
import { setTimeout as sleep } from 'node:timers/promises';
import { nowNs } from '../clock.js';
import { LabError, messageOf } from '../errors.js';
import { CleanupStack } from './cleanup-stack.js';
import { readinessOf } from './conditions.js';
import { awaitCourse } from './course.js';
import { type DriveNote, type OrderQueue, obeyOrders } from './drive.js';
import type { Journal } from './journal.js';
import { Lab } from './lab.js';
import { mnClean } from './mn-clean.js';
import { measureOverhead, type OverheadPair, overheadOrder } from './overhead.js';
import type { RunnerPlan } from './plan.js';
import { watchRates } from './rate.js';
import { awaitReady } from './ready.js';
import { applyShaping } from './shaping.js';
import { serveShell } from './shell.js';
import { followTicks } from './ticks.js';
import { Timeline } from './timeline.js';
import { Traffic } from './traffic.js';

/** Run one trial. Everything it learns goes to `journal`; never throws. */
export async function runTrial(
  plan: RunnerPlan,
  journal: Journal,
  orders: OrderQueue,
  interrupted: AbortSignal,
): Promise<void> {
  const { scenario, trial: _trial, seed, stratum, phaseOffsetMs } = plan;
  const nodes = scenario.topology.nodes.length;
  const cleanup = new CleanupStack(10_000 + 300 * nodes);
  journal.emit({ kind: 'trial.start', atNs: nowNs(), seed, stratum, phaseOffsetMs, scenario });
  let failure: unknown;
  try {
    await measure(plan, journal, orders, cleanup, interrupted);
  } catch (thrown) {
    failure = thrown;
  }
  journal.emit({ kind: 'phase', atNs: nowNs(), phase: 'clean' });
  for (const { label, message } of await cleanup.run()) {
    journal.emit({ kind: 'warning', atNs: nowNs(), text: `${label}: ${message}` });
  }
  await mnClean(journal, scenario.topology.rootPrefix !== undefined);
  journal.emit({ kind: 'phase', atNs: nowNs(), phase: 'done' });
  journal.emit({ kind: 'trial.end', atNs: nowNs(), ...endOf(failure, interrupted) });
}

async function measure(
  plan: RunnerPlan,
  journal: Journal,
  orders: OrderQueue,
  cleanup: CleanupStack,
  interrupted: AbortSignal,
): Promise<void> {
  const { scenario } = plan;
  const broken = new AbortController();
  const signal = AbortSignal.any([interrupted, broken.signal]);
  failWhenBridgeEnds(journal, broken);
  const ticks = followTicks(journal);
  const rates = watchRates(journal);

  const lab = await Lab.open(plan, journal, cleanup);
  if (plan.mode !== 'overhead') await lab.watch(cleanup);
  await applyShaping(lab);
  const traffic = new Traffic(lab, signal);
  await traffic.startMeters(cleanup);
  await lab.controller.ready();
  await lab.connectSwitches();
  await lab.startBfd();
  journal.emit({ kind: 'phase', atNs: nowNs(), phase: 'ready' });
  await awaitReady(readinessOf(lab, traffic), scenario.limits.readyTimeoutMs, journal.emit, signal);
  await lab.hastenReconnects();
  lab.counters('ready');
  for (const { from, to } of scenario.meters) {
    await lab.path(from, to, 'ready');
    await lab.path(to, from, 'ready');
  }
  if (plan.mode === 'shell') {
    // From here on the network carries what its user sends, and nothing else.
    await traffic.stopMeters();
    await serveShell(lab, orders, (note) => journal.note(note), signal);
    return;
  }

  journal.emit({ kind: 'phase', atNs: nowNs(), phase: 'traffic' });
  if (plan.mode === 'overhead') {
    await traffic.stopMeters();
    const order = overheadOrder.parse(await orders.next(signal));
    const tell = (pair: OverheadPair) => journal.note({ note: 'overhead', ...pair });
    await measureOverhead(lab, order, tell, signal);
    return;
  }
  const startNs = nowNs();
  await traffic.startFlows(cleanup);
  const baseline = setTimeout(() => rates.markBaseline(), scenario.limits.cleanMs);
  const over = new AbortController();
  const during = AbortSignal.any([signal, over.signal]);
  const timeline = new Timeline(lab, traffic, rates, ticks, during);
  cleanup.defer('healing what still stands', () => timeline.healAll());
  const flows = traffic.followFlows(startNs, rates, cleanup, during);
  flows.catch((thrown) => during.aborted || broken.abort(thrown));
  try {
    if (plan.mode === 'drive') {
      await sleep(scenario.limits.cleanMs + 100, undefined, { signal });
      const tell = (note: DriveNote) => journal.note(note);
      await obeyOrders(lab, timeline, startNs, orders, tell, signal);
    } else {
      const course = { timeline: timeline.walk(startNs), flows };
      await awaitCourse(course, scenario, startNs, journal, over, signal);
    }
  } finally {
    clearTimeout(baseline);
    rates.stop();
    over.abort();
    await flows.catch(() => {});
  }
  await timeline.healAll();
  journal.emit({ kind: 'phase', atNs: nowNs(), phase: 'stop' });
  await traffic.stopFlows();
  await traffic.stopMeters();
  lab.counters('end');
}

function failWhenBridgeEnds(journal: Journal, broken: AbortController): void {
  journal.listen((event) => {
    if (event.kind !== 'process.exit' || event.process !== 'bridge' || event.expected) return;
    const [cause] = event.lastLines;
    const how = event.signal ?? `status ${event.exitCode}`;
    broken.abort(
      cause === undefined
        ? new LabError('BRIDGE_FAILED', `The bridge ended with ${how} in the middle of a run.`)
        : new LabError('TIMED_OUT', cause),
    );
  });
}

function endOf(failure: unknown, interrupted: AbortSignal) {
  if (failure === undefined) return { reason: 'completed' as const, error: null };
  if (interrupted.aborted) {
    const error = { code: 'INTERRUPTED', message: 'The run was interrupted.' };
    return { reason: 'interrupted' as const, error };
  }
  const known = failure instanceof LabError ? failure : undefined;
  const error = {
    code: known?.code ?? 'INTERNAL',
    message: known?.message ?? String((failure as Error)?.stack ?? messageOf(failure)),
    ...(known?.hint ? { hint: known.hint } : {}),
  };
  return { reason: 'failed' as const, error };
}

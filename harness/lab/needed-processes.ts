/** Ends a trial at once when a process dies that it cannot do without, and says which. */
import { type ErrorCode, LabError } from '../errors.js';
import type { EventOf } from '../model/history/events.js';
import type { RunnerPlan } from '../model/plan.js';
import { type ProcessRole, processName } from '../model/process-id.js';
import type { Journal } from './journal.js';
import { type WatchedProcess, watchProcesses } from './observe/process-watch.js';
import type { Failures } from './root-cause.js';

type Exit = Omit<EventOf<'process.exit'>, 'trial'>;
type Needs = Partial<Record<ProcessRole, ErrorCode>>;

/** What cannot be done without while measuring. */
const measuring: Needs = {
  shell: 'BRIDGE_FAILED',
  meter: 'TRAFFIC_FAILED',
  watch: 'WATCH_FAILED',
};
/** What is needed besides while the network gets ready, when no fault ends it and no heal starts it again. */
const gettingReady: Needs = { controller: 'CONTROLLER_FAILED', switch: 'NOT_READY' };

/**
 * Add to `failures` when the bridge, a node's shell or an instrument ends unasked, from now on. Who
 * works in a lab's shell measures nothing and may end what he likes, so there only the bridge counts.
 */
export function failWithProcesses(
  journal: Journal,
  mode: RunnerPlan['mode'],
  failures: Failures,
): void {
  onUnaskedEnd(journal, (exit) => {
    const { process } = exit;
    if (process.role === 'bridge') failures.add({ process, error: bridgeError(exit) });
    else if (mode !== 'shell') failIfNeeded(exit, measuring, 'in the middle of a run', failures);
  });
}

/** Do `work` that makes the network ready; controllers and `daemons` are needed until it is done. */
export async function whileNeeded(
  journal: Journal,
  daemons: readonly WatchedProcess[],
  failures: Failures,
  work: () => Promise<void>,
): Promise<void> {
  const watch = watchProcesses(daemons, journal.emit);
  const forget = onUnaskedEnd(journal, (exit) =>
    failIfNeeded(exit, gettingReady, 'before the network was ready', failures),
  );
  try {
    await work();
  } catch (thrown) {
    // What failed may have failed for a daemon whose end was not looked for since.
    watch.look();
    throw thrown;
  } finally {
    forget();
    watch.stop();
  }
}

function failIfNeeded(exit: Exit, needs: Needs, when: string, failures: Failures): void {
  const { process } = exit;
  const code = needs[process.role];
  if (code) failures.add({ process, error: endError(code, exit, when) });
}

function onUnaskedEnd(journal: Journal, hear: (exit: Exit) => void): () => void {
  return journal.listen((event) => {
    if (event.kind === 'process.exit' && !event.expected) hear(event);
  });
}

/** A call that ran out of time says more than that the bridge was ended for it. */
function bridgeError(exit: Exit): LabError {
  const [cause] = exit.lastLines;
  if (cause !== undefined) return new LabError('TIMED_OUT', cause);
  return endError('BRIDGE_FAILED', exit, 'in the middle of a run');
}

function endError(code: ErrorCode, exit: Exit, when: string): LabError {
  const status = exit.exitCode === null ? '' : ` with status ${exit.exitCode}`;
  const how = exit.signal === null ? status : ` with ${exit.signal}`;
  const said = exit.lastLines.join('\n');
  const hint =
    said === '' ? 'The logs of the lab are in the run folder.' : `Its last lines:\n${said}`;
  return new LabError(code, `The ${processName(exit.process)} ended${how} ${when}.`, { hint });
}

/** Ends a trial at once when a process dies that it cannot do without, and says which. */
import { type ErrorCode, LabError } from '../errors.js';
import type { EventOf } from '../history/events.js';
import type { Journal } from './journal.js';
import type { RunnerPlan } from './plan.js';

type Exit = EventOf<'process.exit'>;

/** First words of the names that processes have in the record. */
const instruments: ReadonlyArray<[string, ErrorCode]> = [
  ['meter ', 'TRAFFIC_FAILED'],
  ['watch ', 'WATCH_FAILED'],
];

/**
 * Abort `broken` when the bridge or an instrument ends unasked, from now on. Who works in a lab's
 * shell measures nothing, so there only the bridge counts.
 */
export function failWithProcesses(
  journal: Journal,
  mode: RunnerPlan['mode'],
  broken: AbortController,
): void {
  onUnaskedEnd(journal, (exit) => {
    if (exit.process === 'bridge') broken.abort(bridgeError(exit));
    const [, code] = instruments.find(([words]) => exit.process.startsWith(words)) ?? [];
    if (code && mode !== 'shell') broken.abort(endError(code, exit, 'in the middle of a run'));
  });
}

/**
 * The same for a controller, until the returned function is called: while the network gets ready,
 * nobody else ends it and nobody starts it again.
 */
export function failWithControllers(journal: Journal, broken: AbortController): () => void {
  return onUnaskedEnd(journal, (exit) => {
    if (!/^controller(-\d+)?$/.test(exit.process)) return;
    broken.abort(endError('CONTROLLER_FAILED', exit, 'before the network was ready'));
  });
}

function onUnaskedEnd(journal: Journal, hear: (exit: Omit<Exit, 'trial'>) => void): () => void {
  return journal.listen((event) => {
    if (event.kind === 'process.exit' && !event.expected) hear(event);
  });
}

/** A call that ran out of time says more than that the bridge was ended for it. */
function bridgeError(exit: Omit<Exit, 'trial'>): LabError {
  const [cause] = exit.lastLines;
  if (cause !== undefined) return new LabError('TIMED_OUT', cause);
  return endError('BRIDGE_FAILED', exit, 'in the middle of a run');
}

function endError(code: ErrorCode, exit: Omit<Exit, 'trial'>, when: string): LabError {
  const how = exit.signal ?? `status ${exit.exitCode}`;
  const said = exit.lastLines.join('\n');
  const hint = exit.process !== 'bridge' && said !== '' ? { hint: `Its last lines:\n${said}` } : {};
  return new LabError(code, `The ${exit.process} ended with ${how} ${when}.`, hint);
}

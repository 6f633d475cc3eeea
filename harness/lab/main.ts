/** The runner's program inside the sandbox: plans in, history events out, then the end. */
import { inspect } from 'node:util';
import { readLines } from '../line-reader.js';
import { historyBounds } from '../model/history/line.js';
import { type RunnerPlan, runnerMessage } from '../model/plan.js';
import { withSourcePlaces } from '../source-places.js';
import { aliveEveryMs } from './heartbeat.js';
import { Journal } from './journal.js';
import { ArrivalQueue } from './modes/drive.js';
import { runLab } from './runner.js';

/** The longest order is a plan, which holds the scenario; so does the first line of a history. */
const orderCharactersMax = 2 * historyBounds.lineBytes;

/** Descriptor of the event stream; the sandbox opens it. */
const events = 3;

const interrupted = new AbortController();
const orders = new ArrivalQueue<unknown>();
const plans = new ArrivalQueue<RunnerPlan>();
let started = false;

function take(line: string): void {
  const message = runnerMessage.parse(JSON.parse(line));
  if (message.type === 'interrupt') interrupted.abort();
  if (message.type === 'order') orders.push(message.order);
  if (message.type === 'close') plans.close();
  if (message.type !== 'plan') return;
  if (started) plans.push(message.plan);
  else start(message.plan);
}

function start(first: RunnerPlan): void {
  started = true;
  const journal = new Journal(first.trial, events, first.attempt);
  setInterval(() => journal.note({ note: 'alive' }), aliveEveryMs);
  runLab(first, journal, { plans, orders }, interrupted.signal).then(
    () => process.exit(0),
    (thrown) => {
      console.error(withSourcePlaces(inspect(thrown)));
      process.exit(70);
    },
  );
}

readLines(process.stdin, {
  charactersMax: orderCharactersMax,
  onLine: take,
  onTooLong: () => {
    throw new Error(`The supervisor wrote a line of more than ${orderCharactersMax} characters.`);
  },
  // The supervisor is gone: end in order while the kernel lets us.
  onEnd: () => interrupted.abort(),
});
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
  process.on(signal, () => interrupted.abort());
}

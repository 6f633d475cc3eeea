/** The runner's program inside the sandbox: plans in, history events out, then the end. */
import { createInterface } from 'node:readline';
import { inspect } from 'node:util';
import { type RunnerPlan, runnerMessage } from '../model/plan.js';
import { withSourcePlaces } from '../source-places.js';
import { aliveEveryMs } from './heartbeat.js';
import { Journal } from './journal.js';
import { ArrivalQueue } from './modes/drive.js';
import { runLab } from './runner.js';

/** Descriptor of the event stream; the sandbox opens it. */
const events = 3;

const interrupted = new AbortController();
const orders = new ArrivalQueue<unknown>();
const plans = new ArrivalQueue<RunnerPlan>();
let started = false;
const input = createInterface({ input: process.stdin });

input.on('line', (line) => {
  const message = runnerMessage.parse(JSON.parse(line));
  if (message.type === 'interrupt') interrupted.abort();
  if (message.type === 'order') orders.push(message.order);
  if (message.type === 'close') plans.close();
  if (message.type !== 'plan') return;
  if (started) plans.push(message.plan);
  else start(message.plan);
});

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

// The supervisor is gone: end in order while the kernel lets us.
input.on('close', () => interrupted.abort());
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
  process.on(signal, () => interrupted.abort());
}

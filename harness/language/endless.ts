/**
 * Ends a loop without end in a scenario file. The file runs on the main thread, where no timer can
 * interrupt it, so another thread waits beside it and has V8 end what is running there.
 */
import { Worker } from 'node:worker_threads';

/** Waits for a load to begin, then for its end; one that takes too long is ended. */
const watch = `
const { workerData: { state, limitMs } } = require('node:worker_threads');
const { Session } = require('node:inspector');
for (;;) {
  Atomics.wait(state, 0, 0);
  if (Atomics.wait(state, 0, 1, limitMs) !== 'timed-out') continue;
  const session = new Session();
  session.connectToMainThread();
  session.post('Runtime.terminateExecution');
  Atomics.wait(state, 0, 1, 1000);
  session.disconnect();
}
`;

/** One thread for all loads of a process. */
let state: Int32Array | undefined;

/**
 * What `load` resolves with. When its code holds the thread for longer than `limitMs`, that code is
 * ended: the promise then never settles, and timers of the caller run again.
 */
export async function withoutEndlessLoop<Value>(
  load: () => Promise<Value>,
  limitMs: number,
): Promise<Value> {
  state ??= startWatch(limitMs);
  // What is ended takes its callers with it, so they must have returned before.
  await new Promise((done) => setImmediate(done));
  set(state, 1);
  try {
    return await load();
  } finally {
    set(state, 0);
  }
}

function startWatch(limitMs: number): Int32Array {
  const shared = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const worker = new Worker(watch, { eval: true, workerData: { state: shared, limitMs } });
  worker.unref();
  return shared;
}

function set(shared: Int32Array, value: 0 | 1): void {
  Atomics.store(shared, 0, value);
  Atomics.notify(shared, 0);
}

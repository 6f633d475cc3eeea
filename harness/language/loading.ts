/** A scenario file runs in this process: while it is loaded it must not end it or stop it. */
import { shown } from '../model/units.js';
import { withoutEndlessLoop } from './endless.js';

/** Scenario files state data; one that waits for this long waits for ever. */
const timeLimitMs = 20_000;

/**
 * What `load` resolves with. Meanwhile standard output, where results alone are printed, is standard
 * error, and process.exit throws: with its code the command would end as if it had measured.
 *
 * @throws Error when the file calls process.exit, leaves a promise that is rejected, or does not load
 *   in 20 s, even where it loops without end.
 */
export async function guardedLoading<Value>(
  load: () => Promise<Value>,
  limitMs = timeLimitMs,
): Promise<Value> {
  const { exit, stdout, stderr } = process;
  const { write } = stdout;
  let ended: Error | undefined;
  process.exit = (code) => {
    ended ??= new Error(
      `the file calls process.exit(${code ?? ''}) while it is loaded; a scenario file only exports a scenario`,
    );
    throw ended;
  };
  stdout.write = stderr.write.bind(stderr);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const message = `the file did not finish loading in ${limitMs / 1000} s: it waits, or loops without end`;
    timer = setTimeout(() => reject(new Error(message)), limitMs);
  });
  const stray = (reason: unknown) => {
    ended ??= reason instanceof Error ? reason : new Error(`the file rejects ${shown(reason)}`);
  };
  process.on('unhandledRejection', stray);
  // What a timer of the file throws, even where another part of the process listens for that.
  const captures = !process.hasUncaughtExceptionCaptureCallback();
  if (captures) process.setUncaughtExceptionCaptureCallback(stray);
  try {
    const loaded = await Promise.race([withoutEndlessLoop(load, limitMs + 500), late]);
    await new Promise((done) => setImmediate(done));
    // The file may have caught what process.exit threw.
    if (ended !== undefined) throw ended;
    return loaded;
  } finally {
    clearTimeout(timer);
    process.off('unhandledRejection', stray);
    if (captures) process.setUncaughtExceptionCaptureCallback(null);
    process.exit = exit;
    stdout.write = write;
  }
}

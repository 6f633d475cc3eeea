/** Waits that an AbortSignal can cut short. A leaf that all may import. */

/**
 * A promise that rejects with the signal's reason as soon as it is aborted. Its listener goes when
 * the promise settles, so that one signal can serve any number of waits.
 * @param start is given the resolve of the promise; not called when the signal is aborted already.
 */
export function abortable<T>(
  signal: AbortSignal,
  start: (resolve: (value: T) => void) => void,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    signal.throwIfAborted();
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    start((value) => {
      signal.removeEventListener('abort', abort);
      resolve(value);
    });
  });
}

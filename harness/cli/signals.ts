/** Ctrl-C once: heal, tear down, keep what was recorded. Twice: at once. */

export interface Interruption {
  interrupted: AbortSignal;
  killed: AbortSignal;
  /** Take the signals; before this, and after `release`, they end the process. */
  listen(): void;
  release(): void;
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const healing = 'healing and cleaning up; a second signal ends it at once';

/** Signals that are not listened for yet. `first`: what the first of them does. */
export function interruption(
  say: (text: string) => void,
  { first: does = healing } = {},
): Interruption {
  const first = new AbortController();
  const second = new AbortController();
  let listening = false;
  const onSignal = (signal: NodeJS.Signals) => {
    if (first.signal.aborted) {
      second.abort();
      return;
    }
    say(`\n${signal}: ${does}\n`);
    first.abort();
  };
  return {
    interrupted: first.signal,
    killed: second.signal,
    listen: () => {
      if (!listening) for (const signal of signals) process.on(signal, onSignal);
      listening = true;
    },
    release: () => {
      for (const signal of signals) process.off(signal, onSignal);
      listening = false;
    },
  };
}

/** Signals that are listened for from now on. */
export function listenForInterruption(
  say: (text: string) => void,
  words: { first?: string } = {},
): Interruption {
  const own = interruption(say, words);
  own.listen();
  return own;
}

/** Ctrl-C once: heal, tear down, keep what was recorded. Twice: at once. */

export interface Interruption {
  interrupted: AbortSignal;
  killed: AbortSignal;
  /** Take the signals; before this, and after `release`, they end the process. */
  listen(): void;
  release(): void;
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Signals that are not listened for yet. */
export function interruption(say: (text: string) => void): Interruption {
  const first = new AbortController();
  const second = new AbortController();
  let listening = false;
  const onSignal = (signal: NodeJS.Signals) => {
    if (first.signal.aborted) {
      second.abort();
      return;
    }
    say(`\n${signal}: healing and cleaning up; a second signal ends it at once\n`);
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
export function listenForInterruption(say: (text: string) => void): Interruption {
  const own = interruption(say);
  own.listen();
  return own;
}

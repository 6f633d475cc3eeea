/** Ctrl-C once: heal, tear down, keep what was recorded. Twice: at once. */

export interface Interruption {
  interrupted: AbortSignal;
  killed: AbortSignal;
  /** Give the signals back. */
  release(): void;
}

export function listenForInterruption(say: (text: string) => void): Interruption {
  const first = new AbortController();
  const second = new AbortController();
  const onSignal = (signal: NodeJS.Signals) => {
    if (first.signal.aborted) {
      second.abort();
      return;
    }
    say(`\n${signal}: healing and cleaning up; a second signal ends it at once\n`);
    first.abort();
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, onSignal);
  return {
    interrupted: first.signal,
    killed: second.signal,
    release: () => {
      for (const signal of signals) process.off(signal, onSignal);
    },
  };
}

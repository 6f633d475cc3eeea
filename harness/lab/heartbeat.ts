/**
 * Notices a runner that says nothing any more: stopped, stuck in the kernel, or with an init that
 * no longer reaps it. The runner says every second that it lives, so a pause means nothing else.
 */
import { nowNs } from '../clock.js';

/** How often the runner says that it lives. */
export const aliveEveryMs = 1_000;
/** Longer than the busiest machine keeps a runner from its processor. */
export const silenceLimitMs = 20_000;

const lookEveryMs = 1_000;
/** A watcher that was stopped itself (Ctrl-Z, a suspended machine) has not heard what was said. */
const ownPauseMs = 3_000;

export interface SilenceWatch {
  heard(): void;
  end(): void;
}

/** Call `onSilence` once, when nothing was heard for `silenceLimitMs`. */
export function watchSilence(onSilence: () => void): SilenceWatch {
  let heardNs = nowNs();
  let lookedNs = heardNs;
  const timer = setInterval(() => {
    const now = nowNs();
    if (now - lookedNs > ownPauseMs * 1e6) heardNs = now;
    lookedNs = now;
    if (now - heardNs <= silenceLimitMs * 1e6) return;
    clearInterval(timer);
    onSilence();
  }, lookEveryMs);
  return {
    heard: () => {
      heardNs = nowNs();
    },
    end: () => clearInterval(timer),
  };
}

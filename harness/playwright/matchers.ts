/** What a test may expect of a run or of one recovery. */
import { expect as baseExpect } from '@playwright/test';
import type { NetworkResult, RunResult } from '../analysis/result.js';
import { thresholds } from '../analysis/thresholds.js';
import { validTrials } from '../analysis/trial-status.js';
import type { DriveRecovery } from '../run/drive-protocol.js';
import type { Duration } from '../scenario/units.js';
import { durationMs } from './lab.js';

/** A whole run, or what one change did to a driven lab. */
export type Recoverable = RunResult | DriveRecovery;

/** One pair of hosts around one fault, and where it comes from. */
interface Sample {
  network: NetworkResult;
  where: string;
}

interface Answer {
  pass: boolean;
  message: () => string;
}

/**
 * Playwright's `expect` with matchers for recoveries. A run that proves nothing fails every one of
 * them, negated or not, with its reason.
 */
export const expect = baseExpect.extend({
  /** The longest outage after any fault, in either direction of any pair, was at most this long. */
  toRecoverWithin(received: Recoverable, within: Duration): Answer {
    const limitMs = durationMs(within);
    return judge(this.isNot, received, `network outage within ${within}`, (samples) => {
      const worst = worstOf(samples, ({ forward, reverse }) =>
        Math.max(...[forward, reverse].map(({ outageMs }) => outageMs ?? Number.POSITIVE_INFINITY)),
      );
      return { pass: worst.value <= limitMs, was: `${inMs(worst.value)} (${worst.where})` };
    });
  },

  /** No direction of any pair lost more packets than this after any fault. */
  toLoseAtMost(received: Recoverable, packets: number): Answer {
    return judge(this.isNot, received, `at most ${packets} packets lost`, (samples) => {
      const worst = worstOf(samples, ({ forward, reverse }) =>
        Math.max(forward.packetsLost, reverse.packetsLost),
      );
      return { pass: worst.value <= packets, was: `${worst.value} (${worst.where})` };
    });
  },

  /** Two hosts never lost contact: nothing between them that counts as an outage. */
  toKeepContact(received: Recoverable, a: string, b: string): Answer {
    return judge(this.isNot, received, `${a} and ${b} keep contact`, (samples) => {
      const between = samples.filter(
        ({ network: { from, to } }) => (from === a && to === b) || (from === b && to === a),
      );
      if (between.length === 0) return { pass: null, was: `no meter between ${a} and ${b}` };
      const worst = worstOf(between, ({ forward, reverse }) =>
        Math.max(...[forward, reverse].map(({ outageMs }) => outageMs ?? Number.POSITIVE_INFINITY)),
      );
      const pass = worst.value <= thresholds.contactLossMs;
      return {
        pass,
        was: pass ? 'no outage' : `an outage of ${inMs(worst.value)} (${worst.where})`,
      };
    });
  },

  /** Every expectation that the scenario itself states holds. */
  toMeetExpectations(received: RunResult): Answer {
    const pass = received.verdict === 'pass';
    const reasons = received.reasons.join('; ');
    if (received.verdict === 'inconclusive') return undecided(this.isNot, reasons);
    const message = () =>
      pass
        ? `${received.scenario} met its expectations`
        : `${received.scenario} failed: ${reasons}`;
    return { pass, message };
  },
});

/** `pass: null` = there is nothing to judge by. */
type Judgement = { pass: boolean | null; was: string };

function judge(
  isNot: boolean,
  received: Recoverable,
  wanted: string,
  look: (samples: Sample[]) => Judgement,
): Answer {
  const doubts = doubtsOf(received);
  if (doubts.length > 0) return undecided(isNot, doubts.join('; '));
  const samples = samplesOf(received);
  if (samples.length === 0) return undecided(isNot, 'no meter measured a fault');
  const { pass, was } = look(samples);
  if (pass === null) return undecided(isNot, was);
  return { pass, message: () => `expected ${isNot ? 'not ' : ''}${wanted}, was ${was}` };
}

/** Fails the matcher whichever way it was asked. */
function undecided(isNot: boolean, reasons: string): Answer {
  return { pass: isNot, message: () => `inconclusive: ${reasons}` };
}

function doubtsOf(received: Recoverable): string[] {
  if (!('trials' in received)) return received.reasons;
  if (received.verdict !== 'inconclusive') return [];
  return received.reasons.length > 0 ? received.reasons : ['the run gives no reason'];
}

/** Every pair around every injected fault of every valid trial. */
function samplesOf(received: Recoverable): Sample[] {
  if (!('trials' in received)) {
    return received.networks.map((network) => ({ network, where: pairOf(network) }));
  }
  const valid = validTrials(received.trials);
  return valid.flatMap(({ index, episodes }) =>
    episodes
      .filter((episode) => episode.change === 'injected')
      .flatMap(({ networks, kind, targets }) =>
        networks.map((network) => ({
          network,
          where: `${pairOf(network)}, ${kind} of ${targets.join(', ')}, trial ${index}`,
        })),
      ),
  );
}

function pairOf({ from, to }: NetworkResult): string {
  return `${from}–${to}`;
}

function worstOf(samples: readonly Sample[], value: (network: NetworkResult) => number) {
  return samples
    .map(({ network, where }) => ({ value: value(network), where }))
    .reduce((worst, sample) => (sample.value > worst.value ? sample : worst));
}

function inMs(value: number): string {
  return Number.isFinite(value) ? `${Number(value.toFixed(1))} ms` : 'never over';
}

/** What a test may expect of a run or of one recovery. */

import { expect as baseExpect } from '@playwright/test';
import { sentencesOf } from '../../reports/reasons/index.js';
import { worstDirection } from '../judge/outage.js';
import { unrecoveredOf } from '../judge/recovery-so-far.js';
import { thresholds } from '../judge/thresholds.js';
import type { DriveRecovery } from '../model/drive-protocol.js';
import type { NetworkResult, RunResult } from '../model/result.js';
import { validTrials } from '../model/trial-status.js';
import type { Duration } from '../model/units.js';
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
 * them, negated or not, with its reason. What has not recovered fails them too; it passes the
 * negation only where that is proven by now, such as an outage that is longer than the bound already.
 */
export const expect = baseExpect.extend({
  /** The longest outage after any fault, in either direction of any pair, was at most this long. */
  toRecoverWithin(received: Recoverable, within: Duration): Answer {
    const limitMs = durationMs(within);
    return judge(this.isNot, received, `network outage within ${within}`, (samples) => {
      const worst = worstOutageOf(samples);
      return { broken: worst.atLeastMs > limitMs, was: worst.was };
    });
  },

  /** No direction of any pair lost more packets than this after any fault. */
  toLoseAtMost(received: Recoverable, packets: number): Answer {
    return judge(this.isNot, received, `at most ${packets} packets lost`, (samples) => {
      const worst = worstOf(samples, ({ forward, reverse }) =>
        Math.max(forward.packetsLost, reverse.packetsLost),
      );
      return { broken: worst.value > packets, was: `${worst.value} (${worst.where})` };
    });
  },

  /** Two hosts never lost contact: nothing between them that counts as an outage. */
  toKeepContact(received: Recoverable, a: string, b: string): Answer {
    const isBetween = ({ network: { from, to } }: Sample) =>
      (from === a && to === b) || (from === b && to === a);
    return judge(
      this.isNot,
      received,
      `${a} and ${b} keep contact`,
      (samples) => {
        const worst = worstOutageOf(samples);
        const broken = worst.atLeastMs > thresholds.contactLossMs;
        return { broken, was: broken ? `an outage of ${worst.was}` : 'no outage' };
      },
      { isMeant: isBetween, nobody: `no meter between ${a} and ${b}` },
    );
  },

  /** Every expectation that the scenario itself states holds. */
  toMeetExpectations(received: RunResult): Answer {
    const pass = received.verdict === 'pass';
    const reasons = sentencesOf(received.reasons).join('; ');
    if (received.verdict === 'inconclusive') return undecided(this.isNot, reasons);
    const message = () =>
      pass
        ? `${received.scenario} met its expectations`
        : `${received.scenario} failed: ${reasons}`;
    return { pass, message };
  },
});

/** `broken`: the bound is exceeded for certain, whatever comes later. */
type Judgement = { broken: boolean; was: string };

/** Which pairs a matcher checks; all of them unless it names two hosts. */
interface Meant {
  isMeant: (sample: Sample) => boolean;
  /** What is said when no pair is meant. */
  nobody: string;
}

function judge(
  isNot: boolean,
  received: Recoverable,
  wanted: string,
  look: (samples: Sample[]) => Judgement,
  meant: Meant = { isMeant: () => true, nobody: 'no meter measured a fault' },
): Answer {
  const doubts = doubtsOf(received);
  if (doubts.length > 0) return undecided(isNot, doubts.join('; '));
  const samples = samplesOf(received).filter(meant.isMeant);
  if (samples.length === 0) return undecided(isNot, meant.nobody);
  const { broken, was } = look(samples);
  const open = unrecoveredIn(received, samples, meant.isMeant);
  const why = open.length === 0 ? '' : `; not recovered: ${open.join('; ')}`;
  // Within the bound so far, and not over: neither the statement nor its opposite is proven.
  const unproven = open.length > 0 && !broken;
  const doubt = unproven && isNot ? ', which is not proven:' : ',';
  return {
    pass: unproven ? isNot : !broken,
    message: () => `expected ${isNot ? 'not ' : ''}${wanted}${doubt} was ${was}${why}`,
  };
}

/** Why what is meant has not recovered; empty = it has. */
function unrecoveredIn(
  received: Recoverable,
  samples: readonly Sample[],
  isMeant: Meant['isMeant'],
): string[] {
  const words = samples.flatMap(({ network, where }) =>
    sentencesOf(unrecoveredOf([network])).map((each) => `${each} (${where})`),
  );
  if (!('trials' in received)) {
    if (received.recovered || words.length > 0) return words;
    // Another pair, or TCP, may be what has not recovered: a pair that is named has its own record.
    const others = received.networks.some(
      (network) => !isMeant({ network, where: '' }) && unrecoveredOf([network]).length > 0,
    );
    const seen = sentencesOf(received.unrecovered ?? []);
    if (others) return [];
    return seen.length > 0 ? seen : ['no recovery was observed within the time'];
  }
  const dark = validTrials(received.trials).flatMap(({ index, darkAtEnd }) =>
    (darkAtEnd ?? [])
      .filter(({ from, to }) =>
        samples.some(
          ({ network }) =>
            (network.from === from && network.to === to) ||
            (network.from === to && network.to === from),
        ),
      )
      .map(
        ({ from, to, forMs }) =>
          `${from} → ${to} is dark at the end, for ${inMs(forMs)}, trial ${index + 1}`,
      ),
  );
  return [...words, ...dark];
}

/** Fails the matcher whichever way it was asked. */
function undecided(isNot: boolean, reasons: string): Answer {
  return { pass: isNot, message: () => `inconclusive: ${reasons}` };
}

function doubtsOf(received: Recoverable): string[] {
  if (!('trials' in received)) return sentencesOf(received.reasons);
  if (received.verdict !== 'inconclusive') return [];
  return received.reasons.length > 0 ? sentencesOf(received.reasons) : ['the run gives no reason'];
}

/** The longest outage of all pairs; what never ended, or only by a heal, ranks above the rest. */
function worstOutageOf(samples: readonly Sample[]): { atLeastMs: number; was: string } {
  const worst = worstOf(samples, ({ forward, reverse }) =>
    Math.max(...[forward, reverse].map(({ outageMs }) => outageMs ?? Number.POSITIVE_INFINITY)),
  );
  const { outageAtLeastMs: atLeastMs, outageEnding } =
    worstDirection([worst.network.forward, worst.network.reverse]) ?? worst.network.forward;
  if (Number.isFinite(worst.value))
    return { atLeastMs, was: `${inMs(worst.value)} (${worst.where})` };
  // The network did not recover by itself: it is longer than every bound.
  if (outageEnding === 'heal' || outageEnding === 'deadline') {
    const until = outageEnding === 'heal' ? ', until the heal' : '';
    const was = `not over by itself after ${inMs(atLeastMs)}${until} (${worst.where})`;
    return { atLeastMs: Number.POSITIVE_INFINITY, was };
  }
  return { atLeastMs, was: `not over after ${inMs(atLeastMs)} (${worst.where})` };
}

/** Every pair around every injected fault of every valid trial. */
function samplesOf(received: Recoverable): Sample[] {
  if (!('trials' in received)) {
    return received.networks.map((network) => ({ network, where: pairOf(network) }));
  }
  return validTrials(received.trials).flatMap(({ index, episodes }) =>
    episodes
      .filter((episode) => episode.change === 'injected')
      .flatMap(({ networks, kind, targets }) =>
        networks.map((network) => ({
          network,
          where: `${pairOf(network)}, ${kind} of ${targets.join(', ')}, trial ${index + 1}`,
        })),
      ),
  );
}

function pairOf({ from, to }: NetworkResult): string {
  return `${from}–${to}`;
}

function worstOf(samples: readonly Sample[], value: (network: NetworkResult) => number) {
  return samples
    .map(({ network, where }) => ({ value: value(network), network, where }))
    .reduce((worst, sample) => (sample.value > worst.value ? sample : worst));
}

function inMs(value: number): string {
  return `${Number(value.toFixed(1))} ms`;
}

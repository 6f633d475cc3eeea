/** How long something was interrupted, whatever measured it. */
import { detail, type Interruption } from '../../model/reading-detail.js';
import type { DirectionResult } from '../../model/result.js';
import type { Ending } from '../ending.js';
import { worstDirection } from '../outage.js';
import { neverMoved, type TcpOutcome } from '../tcp.js';
import { largestOf } from '../units.js';
import { censored, lossPercentOf, noSample, type Reading, sample } from './reading.js';

/** What is read of an interruption, whatever measured it. */
export interface Interrupted {
  /** Null = censored. */
  valueMs: number | null;
  atLeastMs: number;
  ending: Ending | null;
  /** To the end, whatever ended it; null = it was not seen. */
  withHealMs: number | null;
  /** Beside a censored one: a longer one that ended by itself; null = there is none. */
  longerEndedMs?: number | null;
}

function lengthWithHeal({ withHealMs, longerEndedMs }: Interrupted) {
  const lastedMs = Math.max(withHealMs ?? 0, longerEndedMs ?? 0);
  return { valueMs: lastedMs, atLeastMs: lastedMs };
}

/** What it was read from. */
interface Read {
  of: Interruption;
  /** What the true value lies in; left out or null = the resolution gives it. */
  rangeMs?: [number, number] | null;
  resolutionMs: number;
}

/** The longest of several interruptions. `healCounts`: one that a heal ended is as long as it was. */
export function readInterruption(
  all: readonly Interrupted[],
  healCounts: boolean,
  { of, rangeMs = null, resolutionMs }: Read,
): Reading {
  const counted = all.map((one) =>
    healCounts && one.ending === 'heal' && one.withHealMs !== null
      ? { ...one, ...lengthWithHeal(one) }
      : one,
  );
  const atLeastMs = largestOf(
    counted.map((one) => Math.max(one.atLeastMs, one.longerEndedMs ?? 0)),
  );
  const censoredOnes = counted.filter(({ valueMs }) => valueMs === null);
  if (censoredOnes.length > 0) {
    const untilHeal = censoredOnes.every(({ ending }) => ending === 'heal');
    const openMs = largestOf(censoredOnes.map((one) => one.atLeastMs));
    const othersLonger = atLeastMs > openMs;
    const anotherMs = othersLonger ? atLeastMs : null;
    const why = detail('not-over', { of, openMs, untilHeal, anotherMs });
    return { ...censored(atLeastMs, why), untilHeal, othersLonger };
  }
  const unclear = counted.some(({ ending }) => ending === 'unclear') && !healCounts;
  const read = detail('interruption-read', { of, rangeMs, resolutionMs, unclear });
  return { ...sample(atLeastMs, 'ms', read), unclear };
}

/** An outage as an interruption, whatever saw it. */
export function outageOf(
  seen: Pick<DirectionResult, 'outageMs' | 'outageAtLeastMs' | 'outageEnding' | 'outageWithHealMs'>,
): Interrupted {
  return {
    valueMs: seen.outageMs,
    atLeastMs: seen.outageAtLeastMs,
    ending: seen.outageEnding,
    withHealMs: seen.outageWithHealMs,
  };
}

/** The longest outage of all directions. */
export function readOutage(directions: readonly DirectionResult[], healCounts: boolean): Reading {
  const [low, high] = worstDirection(directions)?.outageRangeMs ?? [null, null];
  return readInterruption(
    directions.map((one) => ({ ...outageOf(one), longerEndedMs: one.longerEndedOutageMs })),
    healCounts,
    {
      of: 'outage',
      rangeMs: low === null || high === null || low === high ? null : [low, high],
      resolutionMs: directions[0]?.resolutionMs ?? 0,
    },
  );
}

/** The longest stall of all flows. */
export function readStall(tcps: readonly TcpOutcome[], healCounts: boolean): Reading {
  return readInterruption(
    tcps.map(({ result }) => ({
      valueMs: result.stallMs,
      atLeastMs: result.stallAtLeastMs,
      ending: result.stallEnding,
      withHealMs: result.stallWithHealMs,
    })),
    healCounts,
    { of: 'stall', resolutionMs: tcps[0]?.result.resolutionMs ?? 0 },
  );
}

/** The longest time to 90 % of the rate before, held. */
export function readRecoveredTo90(tcps: readonly TcpOutcome[], healCounts: boolean): Reading {
  const all = tcps.map(({ result, notHeldBeforeMs }) => ({
    valueMs: result.recoveredTo90Ms,
    atLeastMs: result.recoveredTo90Ms ?? notHeldBeforeMs,
    ending: result.recoveredTo90AfterHealMs === null ? null : ('heal' as const),
    withHealMs: result.recoveredTo90AfterHealMs,
  }));
  const resolutionMs = tcps[0]?.result.resolutionMs ?? 0;
  return readInterruption(all, healCounts, { of: 'rate', resolutionMs });
}

/** 1 when TCP never moved though small packets passed; 0 when it moved. */
export function readStalls(
  tcps: readonly TcpOutcome[],
  directions: readonly DirectionResult[],
): Reading {
  if (directions.length === 0) return noSample('', detail('small-packets-unmeasured', {}));
  const passed = directions.every((direction) => lossPercentOf(direction) < 1);
  if (!passed) return noSample('', detail('small-packets-lost', {}));
  const stalled = tcps.some((tcp) => neverMoved(tcp.series));
  return sample(stalled ? 1 : 0, '', detail('tcp-moved', { moved: !stalled }));
}

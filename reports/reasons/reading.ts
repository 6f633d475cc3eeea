/** What there is to add to a measured number, in words. Pure. */
import { secondsText } from '../../harness/judge/units.js';
import type {
  Absence,
  Detail,
  DetailCode,
  DetailData,
} from '../../harness/model/reading-detail.js';
import { seenText } from '../evidence.js';

type Texts = { [C in DetailCode]: (data: DetailData<C>) => string };

const texts: Texts = {
  'seen-by': ({ sighting }) => seenText(sighting),
  'never-healed': () => 'the fault was not healed',
  'step-not-reached': () => 'the step did not happen',
  'over-all-switches': () => 'all switches',
  'over-all-routers': () => 'all routers but those that the fault hit',
  'over-all-flows': () => 'flows of the meter',
  'on-control-channels': () => 'seen on the control channels of all switches',
  'no-controller-hit': () => 'the fault affected no controller',
  'no-master': ({ afterMs }) =>
    `no controller was in charge of all switches within ${secondsText(afterMs)}`,
  'flows-absent': ({ flows }) => flows.map(absenceText).join('; '),
  'not-measured': ({ of, by }) => {
    if (of !== null) return `nothing measured ${of}`;
    return by === 'iperf3' ? 'iperf3 gave no samples' : 'no meter measured it';
  },
  'worst-direction': () => 'worst direction',
  'no-receive-stamps': () => 'the record does not have receive stamps of every arrival after a gap',
  'silent-to-the-end': ({ forMs }) =>
    `no packet arrived for ${secondsText(forMs)}, until the heal or the end`,
  'by-arrivals': () => 'by the kernel stamps of arrivals, worst direction',
  'not-over': ({ of, openMs, untilHeal, anotherMs }) => {
    const why = untilHeal
      ? `not before the heal, which came ${secondsText(openMs)} after it began`
      : stillOpenText(of, openMs);
    return anotherMs === null ? why : `${why}; another one lasted ${secondsText(anotherMs)}`;
  },
  'interruption-read': (data) => {
    const doubt = ', as the fault was healed: whether the heal ended it is unclear';
    return readText(data) + (data.unclear ? doubt : '');
  },
  'dark-at-the-end': ({ dark }) =>
    dark ? 'dark at the end of the traffic' : 'packets got through at the end of the traffic',
  'small-packets-unmeasured': () => 'no meter shows whether small packets passed',
  'small-packets-lost': () => 'small packets were lost as well',
  'tcp-moved': ({ moved }) =>
    moved
      ? 'TCP delivered bytes'
      : 'TCP delivered no byte after its first second; small packets passed',
  'rows-without-loss': () => 'the rows of iperf3 do not report loss',
  'by-datagrams': () => 'datagrams of iperf3, by the rows of its receiver',
  'slowest-flow': () => 'median of iperf3 rows, slowest flow',
  'metric-unmeasured': ({ metric, udp }) =>
    udp
      ? `iperf3 does not report ${metric} for a UDP flow; the meter does`
      : `no instrument measures ${metric}`,
  'as-written': ({ text }) => text,
};

/** Empty where there is nothing to add. */
export function detailText(detail: Detail | null): string {
  if (detail === null) return '';
  return (texts[detail.code] as (data: Detail['data']) => string)(detail.data);
}

function absenceText(absence: Absence): string {
  switch (absence.why) {
    case 'stopped':
      return `flow ${absence.flow} had stopped at ${secondsText(absence.atMs)}`;
    case 'started-after':
      return `flow ${absence.flow} started after it, at ${secondsText(absence.atMs)}`;
    case 'started-shortly-before':
      return `flow ${absence.flow} started only ${secondsText(absence.beforeMs)} before it`;
  }
}

function stillOpenText(of: DetailData<'not-over'>['of'], openMs: number): string {
  switch (of) {
    case 'outage':
      return `no recovery within ${secondsText(openMs)}`;
    case 'stall':
      return `still stalled after ${secondsText(openMs)}`;
    case 'rate':
      return '90 % not held for 5 s';
    case 'datagrams':
      return `no packet arrived for ${secondsText(openMs)}, until the end`;
  }
}

function readText({ of, rangeMs, resolutionMs }: DetailData<'interruption-read'>): string {
  switch (of) {
    case 'outage': {
      const range =
        rangeMs === null ? `± ${resolutionMs} ms` : `between ${rangeMs[0]} and ${rangeMs[1]} ms`;
      return `${range}, longest outage`;
    }
    case 'stall':
      return `up to ${resolutionMs} ms more: bytes were delivered again within one iperf3 row`;
    case 'rate':
      return '90 % of the rate before the fault, held for 5 s';
    case 'datagrams':
      return `by iperf3 rows, to ${resolutionMs} ms`;
  }
}

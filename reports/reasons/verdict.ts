/** Sentences on what a trial's verdict follows from. */
import { secondsText } from '../../harness/judge/units.js';
import { processName } from '../../harness/model/process-id.js';
import type { ReasonData } from '../../harness/model/reason.js';
import type { verdictShapes } from '../../harness/model/reasons/verdict.js';
import { detailText } from './reading.js';
import type { Sentences } from './sentences.js';
import { exitText, whereText } from './words.js';

export const verdictSentences: Sentences<keyof typeof verdictShapes> = {
  'expectation-failed': expectationText,
  'expectation-open': expectationText,
  'dark-at-end': ({ from, to, sinceMs, forMs }) =>
    `dark at the end: no packet from ${from} to ${to} since ${secondsText(sinceMs)}, ` +
    `for the last ${secondsText(forMs)} of the traffic`,
  'never-recovered': (where) => `${whereText(where)}: did not recover`,
  'recovered-by-heal': ({ atLeastMs, ...where }) =>
    `${whereText(where)}: did not recover by itself; dark for ${secondsText(atLeastMs)}, until the heal`,
  'oversize-stall': ({ flow, mssBytes }) => {
    const segments = mssBytes === null ? 'its segments' : `${mssBytes}-byte segments`;
    return (
      `oversize stall reproduced: TCP flow ${flow} delivered no byte after its first ` +
      `second because ${segments} do not fit through the tunnel, although small packets pass`
    );
  },
  'controller-ended': ({ process, atMs, ...exit }) =>
    `the ${processName(process)} ended with ${exitText(exit)} at ${secondsText(atMs)}, ` +
    'not caused by a fault in the scenario',
  'flows-kept-alive': ({ shortestS, longestS, meters, from, to, sparseRateHz }) => {
    const timeouts = shortestS === longestS ? `${longestS} s` : `${shortestS} to ${longestS} s`;
    const names = meters.map(({ id, rateHz }) => `${id} (${rateHz} a second)`).join(', ');
    return (
      `flows with an idle timeout of ${timeouts} were kept alive by the probes of the meter ${names}; ` +
      `a sparse meter lets them expire: meter('${from}', '${to}', { rateHz: ${sparseRateHz} })`
    );
  },
  'not-sustained-yet': ({ from, to, outageMs, sustainedMs }) =>
    `${from} → ${to}: packets arrive again after ${secondsText(outageMs)}, but only for the last ` +
    `${secondsText(sustainedMs)}, which is less than the sustained window`,
  'dark-so-far': ({ from, to, atLeastMs, untilHeal }) =>
    untilHeal
      ? `${from} → ${to}: dark for ${secondsText(atLeastMs)}, until the heal; it did not recover by itself`
      : `${from} → ${to}: dark for more than ${secondsText(atLeastMs)}`,
  'not-all-recovered': () =>
    'not every measured direction and flow, TCP included, was good for the sustained window within the time',
};

function expectationText(data: ReasonData<'expectation-failed'>): string {
  const { text, measured, bound, detail } = data;
  if (measured === null) return `${text}: ${detailText(detail) || 'no sample'}`;
  const unit = data.unit === '' ? '' : ` ${data.unit}`;
  return `${text}: measured ${measured}${unit}, bound ${bound}${unit}`;
}

/** Sentences on why numbers cannot be trusted. */
import type { ReasonData } from '../../harness/model/reason.js';
import type { fidelityShapes } from '../../harness/model/reasons/fidelity.js';
import type { Sentences } from './sentences.js';
import { quantityText, starvedText, waitedText, whereText } from './words.js';

export const fidelitySentences: Sentences<keyof typeof fidelityShapes> = {
  'sender-stood-still': ({ worstMs, limitMs }) =>
    `the meter's sender was stalled, or its clock jumped, for ${worstMs} ms (limit ${limitMs} ms)`,
  'sender-late': ({ lateMs, percent, limitPercent }) =>
    `the meter's sender was over ${lateMs} ms late in ${percent} % of its windows (limit ${limitPercent} %)`,
  'clock-stepped': () =>
    "the meter's send stamps are ahead of its rate: its clock was stepped back",
  'edges-late': ({ lateMs, limitMs, ...where }) =>
    `the sender was ${lateMs} ms late at the edges of the outage (${whereText(where)}; limit ${limitMs} ms)`,
  'readings-disagree': ({ byStampsMs, byPacketsMs, limitMs, starved, ...where }) => {
    const text =
      `outage by stamps (${byStampsMs} ms) and by lost packets (${byPacketsMs} ms) disagree ` +
      `(${whereText(where)}; limit ${limitMs} ms)`;
    return starved === null ? text : `${text}, ${starvedText(starved)}`;
  },
  'processor-pressure': ({ percent, limitPercent, lateMs }) =>
    `processes waited for a processor during ${percent} % of the time ` +
    `(limit ${limitPercent} %), and the meter was ${lateMs} ms late`,
  'too-many-labs': (data) => {
    const tooMany = `${data.labs} concurrent labs are too many for this machine`;
    return 'waited' in data
      ? `${tooMany}: switches and controller waited for a processor ${data.waited} times as long as they ran (limit ${data.limit})`
      : `${tooMany}: processes waited for a processor during ${data.percent} % of the time (limit ${data.limitPercent} %)`;
  },
  'outage-before-fault': ({ lastedMs, ...where }) =>
    `traffic was interrupted before the fault: no packet for ${lastedMs} ms (${whereText(where)})`,
  'loss-before-fault': ({ lost, sent, limitPercent, droppedByMachine }) => {
    const text = `traffic was not clean before the fault: ${lost} of ${sent} packets lost (limit ${limitPercent} %)`;
    return droppedByMachine === null
      ? text
      : `${text}, up to ${droppedByMachine} of them dropped by this machine`;
  },
  'bfd-flaps': ({ times, byMachine }) => {
    const text = `BFD went down ${times === 1 ? 'once' : `${times} times`} with no fault to explain it`;
    const why = 'while this machine dropped packets or ovs-vswitchd waited for a processor';
    return byMachine ? `${text}, ${why}` : text;
  },
  'machine-drops': machineDropsText,
  'waited-for-processor': ({ text, measured, unit, waited, bound }) =>
    `${text}: measured ${quantityText(measured, unit)}, but ${waitedText(waited)} of that time, ` +
    `without which it may have kept the bound of ${quantityText(bound, unit)}`,
  'meter-behind': () => 'the meter has no report up to the requested moment',
};

function machineDropsText(data: ReasonData<'machine-drops'>): string {
  switch (data.of) {
    case 'expectation':
      return (
        `${data.text}: measured ${quantityText(data.measured, data.unit)}, but this machine dropped ` +
        `packets at that time; without them it may have been ${quantityText(data.without, data.unit)}`
      );
    case 'tcp':
      return (
        `${data.text}: measured ${quantityText(data.measured, data.unit)}, but this machine dropped ` +
        `${data.packets} packets while TCP waited and the network carried traffic again`
      );
    case 'recovery':
      return (
        'this machine dropped packets after the recovery, so the time without outage that proves it ' +
        `was only ${data.sustainedMs} ms (${whereText(data)})`
      );
    case 'outage': {
      const when = data.afterStep === null ? '' : ` after step ${data.afterStep}`;
      return (
        `the outage${when} reads ${data.outageMs} ms, but this machine dropped packets at that time; without them it ` +
        `may have been ${data.withoutMs} ms (${whereText(data)}; limit ${data.limitMs} ms)`
      );
    }
  }
}

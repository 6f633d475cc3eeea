/** Sentences on why a trial proves nothing. */
import { secondsText } from '../../harness/judge/units.js';
import { processName } from '../../harness/model/process-id.js';
import type { ReasonData } from '../../harness/model/reason.js';
import type { trialShapes } from '../../harness/model/reasons/trial.js';
import { evidenceText } from '../recorded/evidence.js';
import { readinessText } from '../recorded/readiness.js';
import type { Sentences } from './sentences.js';
import { waitedText } from './words.js';

export const trialSentences: Sentences<keyof typeof trialShapes> = {
  'cut-off': () => 'the history ends before the end of the trial',
  interrupted: () => 'the trial was interrupted',
  'trial-failed': ({ message, waited, seen }) => {
    const was = seen === undefined ? '' : readinessText(seen);
    const condition = was === '' ? '' : ` It was seen as: ${was}.`;
    const text = `the trial failed${message === null ? '' : `: ${message}${condition}`}`;
    return waited === null ? text : `${text} (while ${waitedText(waited)} of the time)`;
  },
  'events-missing': (data) =>
    `${data.times} events are missing from the record: ${unreadableText(data)}`,
  'values-unknown': (data) => `${data.times} values are unknown: ${unreadableText(data)}`,
  'stray-stamps': ({ events, kind, atNs }) => {
    const many = events === 1 ? '1 event is' : `${events} events are`;
    return `${many} stamped outside the trial, first ${kind} at ${atNs} ns`;
  },
  'no-traffic': () => 'traffic did not start',
  'step-missing': ({ step, fault, endedAfterMs }) => {
    const why =
      endedAfterMs === null
        ? ''
        : `: limits.duration ended the traffic after ${secondsText(endedAfterMs)}`;
    return `${changeText(fault)} (step ${step}) did not happen${why}`;
  },
  'change-not-proven': (data) =>
    'state' in data
      ? `a change of ${data.fault} on ${data.targets.join(', ')} to ${data.state} was not proven: ${evidenceText(data.evidence)}`
      : `${changeText(data.fault)} (step ${data.step}) was not proven: ${evidenceText(data.evidence)}`,
  'no-samples': noSamplesText,
  'instrument-ended': ({ process, exitCode, signal }) => {
    const how = signal === null ? `ended with status ${exitCode}` : `was killed by ${signal}`;
    return `${processName(process)} ${how} before the end of the traffic`;
  },
  'tcp-carried-nothing': ({ flow }) => `TCP flow ${flow} carried nothing before the fault`,
  'target-missed': ({ fault, targets, packets, atLeast, overMs }) => {
    const what = `${fault} affected ${targets.join(', ')}`;
    const seen = `${packets} ${packets === 1 ? 'packet' : 'packets'} in the ${overMs} ms before`;
    return packets < atLeast
      ? `${what}, which did not carry the traffic at that time: ${seen}, at least ${atLeast} expected`
      : `${what}, but the counters did not show which path carried the traffic at that time (${seen})`;
  },
  'no-effect': ({ fault, targets }) =>
    `${fault} of ${targets.join(', ') || 'its target'} had no effect on any measurement: ` +
    'no packet lost, no path or flow changed',
  'recovery-not-sustained': ({ sustainedMs, neededMs, step }) =>
    `traffic ended ${secondsText(sustainedMs)} after ${step === null ? 'the recovery' : `step ${step}`}; ` +
    `${secondsText(neededMs)} without outage are needed to confirm it`,
};

/** Null = a heal. */
function changeText(fault: string | null): string {
  return fault === null ? 'the heal' : `the fault ${fault}`;
}

function unreadableText(data: ReasonData<'values-unknown'>): string {
  const of = data.what === null ? '' : ` of ${data.what}`;
  return `${processName(data.source)} printed ${data.value} as ${data.field}${of}`;
}

function noSamplesText(data: ReasonData<'no-samples'>): string {
  switch (data.of) {
    case 'meter': {
      const which = data.meter === null ? 'the meter' : `the meter ${data.meter}`;
      const after = data.afterStep === null ? '' : ` after step ${data.afterStep}`;
      return `${which} gave no samples in both directions${after}`;
    }
    case 'tcp':
      return `iperf3 gave no samples${data.flow === null ? '' : ` of flow ${data.flow}`}`;
    case 'flow':
      return `flow ${data.flow} did not run: ${data.error}`;
  }
}

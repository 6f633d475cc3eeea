/** The sentence of a reason: made here, from its code and data, and nowhere else. */
import { type GateMetricName, metricLabels } from '../../harness/judge/gate/readings.js';
import type { Reason, ReasonCode } from '../../harness/model/reason.js';
import { compareSentences } from './compare.js';
import { fidelitySentences } from './fidelity.js';
import { gateSentences } from './gate.js';
import { runSentences } from './run.js';
import type { Sentences } from './sentences.js';
import { trialSentences } from './trial.js';
import { verdictSentences } from './verdict.js';

const sentences: Sentences<ReasonCode> = {
  ...trialSentences,
  ...fidelitySentences,
  ...verdictSentences,
  ...runSentences,
  ...gateSentences,
  ...compareSentences,
};

/** One sentence without a full stop; with the trial or metric first where the reason names one. */
export function sentenceOf(reason: Reason): string {
  const text = (sentences[reason.code] as (data: Reason['data']) => string)(reason.data);
  const trial = reason.trial === undefined ? '' : `trial ${reason.trial + 1}: `;
  const metric = reason.metric === undefined ? '' : `${labelOf(reason.metric)}: `;
  return trial + metric + text;
}

function labelOf(metric: string): string {
  return Object.hasOwn(metricLabels, metric) ? metricLabels[metric as GateMetricName] : metric;
}

/** The sentences of some reasons, in their order. */
export function sentencesOf(reasons: readonly Reason[]): string[] {
  return reasons.map(sentenceOf);
}

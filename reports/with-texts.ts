/**
 * JSON for others to read: each reason, detail, sighting, explanation and forecast with its sentence
 * beside its data, as `text`. Whoever reads it back as data drops the sentence.
 */

import { explanationSchema } from '../harness/model/explanation.js';
import { detailSchema } from '../harness/model/reading-detail.js';
import { reasonSchema } from '../harness/model/reason.js';
import { predictionSchema } from '../harness/model/result.js';
import { sightingShape } from '../harness/model/sighting.js';
import { seenText } from './evidence.js';
import { explanationText } from './explanation.js';
import { forecastText } from './forecast.js';
import { sentenceOf } from './reasons/index.js';
import { detailText } from './reasons/reading.js';
import { recordedText } from './recorded/index.js';

/** A copy with sentences. */
export function withTexts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withTexts);
  if (typeof value !== 'object' || value === null) return value;
  const copy = Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, withTexts(inner)]),
  );
  const text = textOf(value);
  return text === null ? copy : { ...copy, text };
}

function textOf(value: object): string | null {
  if ('code' in value && 'data' in value) {
    const reason = reasonSchema.safeParse(value);
    if (reason.success) return sentenceOf(reason.data);
    const detail = detailSchema.safeParse(value);
    return detail.success ? detailText(detail.data) : recordedText(value);
  }
  if ('found' in value) {
    const explanation = explanationSchema.safeParse(value);
    return explanation.success ? explanationText(explanation.data) : null;
  }
  if ('forecast' in value) {
    const prediction = predictionSchema.safeParse(value);
    return prediction.success ? forecastText(prediction.data) : null;
  }
  if ('by' in value) {
    const sighting = sightingShape.safeParse(value);
    return sighting.success ? seenText(sighting.data) : null;
  }
  return null;
}

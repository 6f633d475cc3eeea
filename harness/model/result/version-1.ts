/**
 * Results of version 1, made into version 2 as they are read. Those have sentences where this version
 * has codes and data; the sentences are kept as they were written.
 */
import { errorCodes } from '../../errors.js';

export const resultVersion = 2;

/** A piece of JSON of which nothing is known yet. */
type Piece = Record<string, unknown>;

/** The result as this version writes it. What is not of version 1 comes back as it is. */
export function upgradeResult(value: unknown): unknown {
  if (!isPiece(value) || value.schemaVersion !== 1) return value;
  return {
    ...value,
    schemaVersion: resultVersion,
    reasons: each(value.reasons, reasonOf),
    doubts: each(value.doubts ?? [], reasonOf),
    trials: each(value.trials, within(trialOf)),
  };
}

function trialOf(trial: Piece): Piece {
  const { explanation, reversion } = trial;
  return {
    // There was no status at first: it followed from the verdict.
    status: trial.verdict === 'inconclusive' ? 'invalid' : 'valid',
    ...trial,
    ...judged(trial),
    attempts: each(trial.attempts ?? [], within(judged)),
    ...(typeof explanation === 'string' ? { explanation: explanationOf(explanation) } : {}),
    tcp: within(tcpOf)(trial.tcp),
    reversion: isPiece(reversion) ? { ...reversion, tcp: within(tcpOf)(reversion.tcp) } : reversion,
    fidelity: within(fidelityOf)(trial.fidelity),
    expectations: each(trial.expectations, within(expectationOf)),
    episodes: each(trial.episodes, within(episodeOf)),
  };
}

/** A trial, or an attempt at one. */
function judged(one: Piece): Piece {
  return {
    ...one,
    reasons: each(one.reasons, reasonOf),
    invalid: each(one.invalid ?? [], reasonOf),
  };
}

function fidelityOf({ flaws, ...fidelity }: Piece): Piece {
  const known = Array.isArray(flaws) && flaws.length > 0 ? flaws : fidelity.reasons;
  return { ...fidelity, reasons: each(known, reasonOf) };
}

function expectationOf(expectation: Piece): Piece {
  const { detail } = expectation;
  if (typeof detail !== 'string') return expectation;
  return { ...expectation, detail: detail === '' ? null : asWritten(detail) };
}

function episodeOf(episode: Piece): Piece {
  const { explanation, phaseEvidence } = episode;
  const seen = (text: unknown) => (typeof text === 'string' ? { by: 'as-written', text } : text);
  return {
    ...episode,
    tcps: each(episode.tcps, within(tcpOf)),
    ...(typeof explanation === 'string' ? { explanation: explanationOf(explanation) } : {}),
    ...(isPiece(phaseEvidence)
      ? {
          phaseEvidence: Object.fromEntries(
            Object.entries(phaseEvidence).map(([phase, text]) => [phase, seen(text)]),
          ),
        }
      : {}),
  };
}

function tcpOf({ predictionText: text, ...tcp }: Piece): Piece {
  return text === undefined ? tcp : { ...tcp, prediction: { forecast: 'as-written', text } };
}

function explanationOf(text: string) {
  return text === '' ? null : { found: 'as-written', text };
}

/** A sentence, or a sentence with a code and a cause. */
function reasonOf(reason: unknown): unknown {
  if (typeof reason === 'string') return asWritten(reason);
  if (!isPiece(reason) || 'data' in reason) return reason;
  const { code, cause, text } = reason;
  if (code === 'cut-off' || code === 'interrupted') return { code, cause, data: {} };
  const error = String(code).toUpperCase().replaceAll('-', '_');
  if (Object.hasOwn(errorCodes, error)) {
    const message = String(text).replace(/^the trial failed(: )?/, '');
    const data = { error, message: message === '' ? null : message, waited: null };
    return { code: 'trial-failed', cause, data };
  }
  return { ...asWritten(String(text), String(code)), cause };
}

function asWritten(text: string, code?: string) {
  return { code: 'as-written', data: { text, ...(code === undefined ? {} : { code }) } };
}

function each(list: unknown, change: (one: unknown) => unknown): unknown {
  return Array.isArray(list) ? list.map(change) : list;
}

/** The change where there is something to change. */
function within(change: (piece: Piece) => Piece): (value: unknown) => unknown {
  return (value) => (isPiece(value) ? change(value) : value);
}

function isPiece(value: unknown): value is Piece {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The words for a search that all its reports share. */
import type {
  FoundFailure,
  SearchedTrial,
  SearchResult,
} from '../../harness/judge/search-result.js';
import type { SearchPlan } from '../../harness/model/failure-case.js';
import type { Evidence, ScheduledFailure } from '../../harness/model/finding.js';
import {
  formatAtLeastMs,
  formatCount,
  formatCounted,
  formatMs,
  formatQuantity,
  formatRoundMs,
  unknown,
} from '../format.js';

/** What each kind of finding is called. */
const kindWords: Record<Evidence['kind'], string> = {
  'expectation-broken': 'a broken expectation',
  'dark-with-a-path': 'dark although a path exists',
  loop: 'a loop',
  'process-died': 'a process that died',
  'slower-than-promised': 'slower than the timers promise',
  'not-repeatable': 'not repeatable',
  'property-broken': 'a broken property',
};

export function kindText({ kind }: Pick<Evidence, 'kind'>): string {
  return kindWords[kind];
}

/** What shows a finding, in a sentence. */
export function evidenceText(evidence: Evidence): string {
  switch (evidence.kind) {
    case 'expectation-broken': {
      const { expectation, measured, atLeast, unit } = evidence;
      const value =
        measured === null && atLeast !== null
          ? formatAtLeastMs(atLeast)
          : formatQuantity(measured, unit);
      return `expected ${expectation}; measured ${value}`;
    }
    case 'dark-with-a-path': {
      const { from, to, forMs, path } = evidence;
      return `no packet from ${from} to ${to} arrived in the last ${formatMs(forMs)}, although there is the path ${path.join(' > ')}`;
    }
    case 'loop': {
      const { node, packets, offered, overMs } = evidence;
      return `${node} received ${formatCount(packets)} packets within ${formatMs(overMs)}, in which all hosts sent ${formatCount(offered)}`;
    }
    case 'process-died':
      return `${evidence.process} ended by itself ${formatMs(evidence.atMs)} after the start of traffic`;
    case 'slower-than-promised': {
      const { from, to, outageMs, promisedMs } = evidence;
      return `${from} and ${to} had no contact for ${formatMs(outageMs)}; the timers promise detection within ${formatMs(promisedMs)}`;
    }
    case 'not-repeatable':
      return `event ${evidence.place + 1} differs between two trials of one seed in virtual time`;
    case 'property-broken':
      return evidence.message;
  }
}

/** `r1 (power-off) at 0 s for 1 s`. */
function failureText({ element, faultKind, fields, startMs, lastsMs }: ScheduledFailure): string {
  const values = Object.values(fields);
  const kind = [faultKind, ...values].join(' ');
  const lasts = lastsMs === null ? '' : ` for ${formatRoundMs(lastsMs)}`;
  return `${element.name} (${kind}) at ${formatRoundMs(startMs)}${lasts}`;
}

/** `r1 (power-off) at 0 s for 1 s, then r2 (power-off) at 1.5 s`; moments after the first fault's. */
export function scheduleText(schedule: readonly ScheduledFailure[]): string {
  return schedule.map(failureText).join(', then ');
}

export function stateText({ state, trials }: FoundFailure): string {
  const seen = formatCounted(trials.replays.length, 'further trial');
  if (state === 'confirmed') return `seen again in ${seen}`;
  if (state === 'unstable') return `unstable: not seen again in ${seen}; both records are kept`;
  return 'not verified: the budget ended before';
}

/** `2 findings in 40 trials.` */
export function findingsSentence({ findings, trials, plan }: SearchResult): string {
  const found = findings.length === 0 ? 'No finding' : formatCounted(findings.length, 'finding');
  const of = trials.length < plan.budget ? ` (budget ${plan.budget})` : '';
  return `${found} in ${formatCounted(trials.length, 'trial')}${of}.`;
}

export function worstSentence({ worst, plan }: SearchResult): string | null {
  if (worst === null || worst.score === 0) return null;
  return `Worst by ${plan.objective}: ${scheduleText(worst.schedule)}: outage ${outageText(worst)}.`;
}

/** The worst by the search's objective first. Trials that repeat or simplify a finding are not among them. */
export function worstTrials(
  { trials }: Pick<SearchResult, 'trials'>,
  most: number,
): SearchedTrial[] {
  return trials
    .filter(({ valid, purpose }) => valid && purpose === 'explore')
    .sort((one, other) => other.score - one.score)
    .slice(0, most);
}

export function outageText({ outageMs, ended }: Pick<SearchedTrial, 'outageMs' | 'ended'>): string {
  if (outageMs === null) return unknown;
  if (!ended) return formatAtLeastMs(outageMs);
  return outageMs === 0 ? 'none' : formatMs(outageMs);
}

export function searchPlanSentence(plan: SearchPlan, options: number): string {
  const { budget, objective, atOnce, horizonMs } = plan;
  return `up to ${formatCounted(budget, 'trial')}; up to ${formatCounted(atOnce, 'failure')} a trial within ${formatRoundMs(horizonMs)}, of ${formatCounted(options, 'way')} in which single elements can fail; worse is more ${objective}`;
}

/** `3/40  explore  r1 (power-off) at 0 s: outage 412 ms; 1 finding; about 5 min left`. */
export function searchProgress(
  trial: Pick<SearchedTrial, 'purpose' | 'schedule' | 'outageMs' | 'ended' | 'valid'>,
  timing: { done: number; budget: number; elapsedMs: number; findings: number },
): string {
  const { done, budget, elapsedMs, findings } = timing;
  const leftMs = (elapsedMs / done) * (budget - done);
  const left =
    leftMs < 90_000 ? `${Math.ceil(leftMs / 1000)} s` : `${Math.ceil(leftMs / 60_000)} min`;
  const found = findings > 0 ? `; ${formatCounted(findings, 'finding')}` : '';
  const outage = trial.valid ? `outage ${outageText(trial)}` : 'not valid';
  return `${done}/${budget}  ${trial.purpose.padEnd(8)} ${scheduleText(trial.schedule)}: ${outage}${found}; at most ${left} left`;
}

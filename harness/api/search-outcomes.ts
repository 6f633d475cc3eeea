/** What came of the trials of a search. */
import type { PreparedSearch } from '../campaign/prepare-search.js';
import { trialDifference } from '../campaign/same-record.js';
import type { ResumedRun } from '../campaign/store/unfinished-run.js';
import type { SearchOutcome, SearchTrial } from '../campaign/strategies/search-trial.js';
import type { CampaignState } from '../campaign/strategy.js';
import { findingsOf } from '../judge/findings.js';
import { scoreOf } from '../judge/objective.js';
import { worstDirection } from '../judge/outage.js';
import type { SearchedTrial } from '../judge/search-result.js';
import type { Evidence } from '../model/finding.js';
import type { HistoryEvent } from '../model/history/events.js';
import type { TrialResult } from '../model/result.js';
import { isValid, wasCutShort } from '../model/trial-status.js';
import type { SearchRequest } from './search-request.js';

interface Known {
  trial: TrialResult;
  outcome: SearchOutcome;
  events: readonly HistoryEvent[];
}

/** What came of each trial, judged once. */
export class Outcomes {
  readonly #prepared: PreparedSearch;
  readonly #request: SearchRequest;
  readonly #known = new Map<number, Known>();

  constructor(prepared: PreparedSearch, request: SearchRequest, resumed: ResumedRun | undefined) {
    this.#prepared = prepared;
    this.#request = request;
    if (!resumed) return;
    const { events, judged } = resumed.recorded;
    for (const trial of judged.result.trials) {
      if (wasCutShort(trial)) continue;
      const own = events.filter(
        (event) => event.trial === trial.index && (event.attempt ?? 0) === trial.attempt,
      );
      this.#note(trial, own);
    }
  }

  of(index: number, { begun }: CampaignState): SearchOutcome | undefined {
    const known = this.#known.get(index);
    if (known) return known.outcome;
    const one = begun.find(({ plan }) => plan.index === index)?.outcome;
    if (!one || one.reason === 'interrupted' || !one.judged) return undefined;
    const { outcome } = this.#note(one.judged.result, one.judged.events);
    const trial = this.#prepared.search.trials[index];
    if (trial) this.#request.onTrial?.(this.told(trial), this.#prepared.search.findings.length);
    return outcome;
  }

  #note(trial: TrialResult, events: readonly HistoryEvent[]): Known {
    const { search: state, campaign } = this.#prepared;
    const asked = state.trials[trial.index];
    const found = asked ? findingsOf(trial, events, this.#prepared.planOf(asked).scenario) : [];
    const outcome: SearchOutcome = {
      score: scoreOf(campaign.objective, trial, events),
      evidence: this.#request.property && asked ? this.#checked(trial, asked, events) : found,
      tookOver: trial.relays.tookOver,
      invalid: !isValid(trial),
      ...this.#difference(asked, events),
    };
    const known = { trial, outcome, events };
    this.#known.set(trial.index, known);
    return known;
  }

  #checked(
    trial: TrialResult,
    { schedule }: SearchTrial,
    events: readonly HistoryEvent[],
  ): Evidence[] {
    if (!isValid(trial)) return [];
    try {
      if (this.#request.property?.({ trial, schedule, events }) !== false) return [];
      return [{ kind: 'property-broken', message: 'the property does not hold' }];
    } catch (thrown) {
      const message = thrown instanceof Error ? thrown.message : String(thrown);
      return [{ kind: 'property-broken', message: message.split('\n', 1)[0] ?? '' }];
    }
  }

  /** In virtual time a replay is the same, event by event. */
  #difference(
    asked: SearchTrial | undefined,
    events: readonly HistoryEvent[],
  ): { differs?: Evidence } {
    const { search: state, environment } = this.#prepared;
    if (asked?.purpose !== 'replay' || asked.finding === null) return {};
    if (environment.clock !== 'virtual') return {};
    const before = this.#known.get(state.findings[asked.finding]?.found ?? -1)?.events;
    if (!before) return {};
    const found = trialDifference(before, events);
    if (!found) return {};
    const { place, before: was, now } = found;
    return {
      differs: {
        ...{ kind: 'not-repeatable', place },
        ...{ before: was?.slice(0, 300) ?? '', now: now?.slice(0, 300) ?? '' },
      },
    };
  }

  told({ index, purpose, finding, schedule }: SearchTrial): SearchedTrial {
    const known = this.#known.get(index);
    const { network } = known?.trial ?? { network: null };
    const worst = network === null ? null : worstDirection([network.forward, network.reverse]);
    return {
      ...{ index, purpose, finding, schedule },
      verdict: known?.trial.verdict ?? 'inconclusive',
      valid: known !== undefined && !known.outcome.invalid,
      outageMs: worst?.outageAtLeastMs ?? null,
      ended: worst === null || worst.outageMs !== null,
      score: known?.outcome.score ?? 0,
      evidence: known?.outcome.evidence.map(({ kind }) => kind) ?? [],
    };
  }

  has(index: number): boolean {
    return this.#known.has(index);
  }
}

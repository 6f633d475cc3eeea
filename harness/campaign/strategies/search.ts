/**
 * Schedules of failures, drawn by the seed and weighted towards what was bad so far. What looks like
 * a finding is run again, made simpler while it lasts, and run once more. Which trial comes next
 * follows from the seed and the outcomes alone, however many trials run at the same time. Pure.
 */
import { signatureOf } from '../../judge/findings.js';
import type { Evidence } from '../../model/finding.js';
import { derivedSeed, randomFrom } from '../../model/seed.js';
import type { ScheduleSpace } from '../space/draw.js';
import { keyOfSchedule, type Schedule } from '../space/schedule.js';
import type { RecordedRun } from '../store/read-run.js';
import type { CampaignState, Strategy, TrialOrder } from '../strategy.js';
import type { TrialPlan } from '../trial-plan.js';
import { SearchFindings } from './search-findings.js';
import type {
  Purpose,
  SearchFinding,
  SearchOutcome,
  SearchSettings,
  SearchTrial,
} from './search-trial.js';

/** Drawn without knowing what came of each other, so that they can run at the same time. */
const batch = 4;
/** So many of them are made of what was bad so far. */
const neighbours = 3;

interface BadOne {
  schedule: Schedule;
  score: number;
  tookOver: readonly string[];
}

type Ask = Omit<SearchTrial, 'index'>;
type Steps = Generator<Ask[], void, SearchOutcome[]>;

export class Search {
  readonly #space: ScheduleSpace;
  readonly #settings: SearchSettings;
  readonly #alone: readonly Schedule[];
  readonly #tried = new Set<string>();
  readonly #bad: BadOne[] = [];
  readonly #found = new SearchFindings();
  readonly trials: SearchTrial[] = [];
  readonly #outcomes = new Map<number, SearchOutcome>();
  readonly #steps: Steps;
  /** Trials of which the search waits for the outcome. */
  #asked: SearchTrial[] = [];
  #done = false;

  constructor(space: ScheduleSpace, settings: SearchSettings) {
    this.#space = space;
    this.#settings = settings;
    this.#alone = space.alone(settings.seed);
    this.#steps = this.#explore();
    this.#advance([]);
  }

  /** Tell what came of trials; those that are wanted next, none when the search is over. */
  next(outcomes: ReadonlyMap<number, SearchOutcome>): readonly SearchTrial[] {
    for (;;) {
      const known = this.#asked.flatMap(({ index }) => outcomes.get(index) ?? []);
      if (this.#done || known.length < this.#asked.length) return this.#asked;
      this.#asked.forEach(({ index }, place) => {
        const outcome = known[place];
        if (outcome) this.#outcomes.set(index, outcome);
      });
      this.#advance(known);
    }
  }

  get findings(): readonly SearchFinding[] {
    return this.#found.all;
  }

  /** Ways in which single elements can fail. */
  get options(): number {
    return this.#space.options.length;
  }

  outcomeOf(index: number): SearchOutcome | undefined {
    return this.#outcomes.get(index);
  }

  #advance(outcomes: SearchOutcome[]): void {
    const { value, done = false } = this.#steps.next(outcomes);
    const first = this.trials.length;
    const room = this.#settings.budget - first;
    if (done || !value || value.length === 0 || room <= 0) {
      this.#done = true;
      this.#asked = [];
      return;
    }
    this.#asked = value.slice(0, room).map((ask, place) => ({ ...ask, index: first + place }));
    this.trials.push(...this.#asked);
  }

  *#explore(): Steps {
    for (let round = 0; ; round += 1) {
      const schedules = this.#drawBatch(round);
      if (schedules.length === 0) return;
      const first = this.trials.length;
      const outcomes = yield schedules.map((schedule) => {
        return { purpose: 'explore', schedule, finding: null };
      });
      const news: SearchFinding[] = [];
      for (const [place, outcome] of outcomes.entries()) {
        const schedule = schedules[place];
        if (!schedule) continue;
        const { invalid, score, tookOver = [] } = outcome;
        if (!invalid) this.#bad.push({ schedule, score, tookOver });
        // All are noted before one is pursued, which may take what is left of the budget.
        for (const evidence of outcome.evidence) {
          const finding = this.#found.add(evidence, schedule, first + place);
          if (finding) news.push(finding);
        }
      }
      for (const finding of news) {
        if (!this.#found.foldIntoKnown(finding)) yield* this.#pursue(finding);
      }
    }
  }

  /** Single failures first; then some of them fresh, the others beside what was bad. */
  #drawBatch(round: number): Schedule[] {
    const schedules: Schedule[] = [];
    for (let place = 0; place < batch; place += 1) {
      const seed = derivedSeed(this.#settings.seed, `schedule ${round}/${place}`);
      const parent = place % batch < neighbours ? this.#badOne(seed) : null;
      const drawn =
        this.#nextAlone() ??
        (parent && this.#space.neighbour(parent.schedule, seed, this.#tried, parent.tookOver)) ??
        this.#space.fresh(seed, this.#tried);
      if (!drawn) continue;
      this.#tried.add(keyOfSchedule(drawn));
      schedules.push(drawn);
    }
    return schedules;
  }

  /** A third of the budget at the most goes to single failures first: others are made of the bad ones. */
  #nextAlone(): Schedule | null {
    const most = Math.floor(this.#settings.budget / 3);
    if (this.#tried.size >= most) return null;
    return this.#alone.find((one) => !this.#tried.has(keyOfSchedule(one))) ?? null;
  }

  /** The worse, the likelier: by rank, since scores of different failures are far apart. */
  #badOne(seed: number): BadOne | null {
    const ranked = [...this.#bad]
      .filter(({ score }) => score > 0)
      .sort((one, other) => other.score - one.score);
    const random = randomFrom(derivedSeed(seed, 'parent'))();
    return ranked[Math.floor(random * random * ranked.length)] ?? null;
  }

  *#pursue(finding: SearchFinding): Steps {
    const signature = signatureOf(finding.evidence);
    const number = this.findings.indexOf(finding);
    const { found } = finding;
    const shows = ({ evidence: all }: SearchOutcome) =>
      all.find((one) => signatureOf(one) === signature);
    if (!(yield* this.#again(finding, 'replay', number, shows))) return;
    yield* this.#simplify(finding, number, shows);
    if (finding.shown !== found) yield* this.#again(finding, 'verify', number, shows);
  }

  /** Run it again; false when that does not show it. An invalid trial is repeated once. */
  *#again(
    finding: SearchFinding,
    purpose: Purpose,
    number: number,
    shows: (outcome: SearchOutcome) => Evidence | undefined,
  ): Generator<Ask[], boolean, SearchOutcome[]> {
    const { schedule } = finding;
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const index = this.trials.length;
      const [outcome] = yield [{ purpose, schedule, finding: number }];
      if (!outcome) return false;
      finding.replays.push(index);
      if (outcome.differs) this.#found.note(outcome.differs, schedule, index);
      if (outcome.invalid && !shows(outcome)) continue;
      finding.state = shows(outcome) ? 'confirmed' : 'unstable';
      return finding.state === 'confirmed';
    }
    finding.state = 'unstable';
    return false;
  }

  *#simplify(
    finding: SearchFinding,
    number: number,
    shows: (outcome: SearchOutcome) => Evidence | undefined,
  ): Steps {
    const refuted = new Set<string>();
    for (let spent = 0; spent < this.#settings.simplifyMost; spent += 1) {
      const schedule = this.#space
        .simpler(finding.schedule)
        .find((one) => !refuted.has(keyOfSchedule(one)));
      if (!schedule) return;
      const index = this.trials.length;
      const [outcome] = yield [{ purpose: 'simplify', schedule, finding: number }];
      const shown = outcome && shows(outcome);
      if (!shown) refuted.add(keyOfSchedule(schedule));
      else Object.assign(finding, { schedule, evidence: shown, shown: index });
    }
  }
}

/**
 * The search as a way of choosing trials.
 * @param outcomeOf Of a trial that has ended, or that the record holds already; undefined: neither.
 */
export function search(
  state: Search,
  planOf: (trial: SearchTrial) => TrialPlan,
  outcomeOf: (index: number, campaign: CampaignState) => SearchOutcome | undefined,
): Strategy<RecordedRun | undefined> {
  return {
    next(campaign) {
      const known = new Map<number, SearchOutcome>();
      for (let index = 0; ; index += 1) {
        const outcome = outcomeOf(index, campaign);
        if (!outcome && index >= state.trials.length + batch) break;
        if (outcome) known.set(index, outcome);
      }
      const begun = new Set(campaign.begun.map(({ plan }) => plan.index));
      return state
        .next(known)
        .filter(({ index }) => !begun.has(index) && !known.has(index))
        .map((trial): TrialOrder => ({ record: 0, plan: planOf(trial) }));
    },
    outcome: ([run]) => run,
  };
}

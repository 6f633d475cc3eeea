/** Draws schedules of failures by a seed, changes bad ones, and makes them simpler. Pure. */
import fc from 'fast-check';
import { derivedSeed, pick, type Random, randomFrom, shuffled } from '../../model/seed.js';
import { type FailureSpace, takesAway } from './elements.js';
import {
  excludedBy,
  type FailureOption,
  keyOfSchedule,
  type Schedule,
  type ScheduledFailure,
} from './schedule.js';

/** A failure begins at a multiple of it, and lasts for one of the other. */
const startStepMs = 50;
const lastsStepMs = 100;

/** While it handles one failure, a controller is busy for so long, in steps of a start. */
const busySteps = 8;

export interface DrawLimits {
  /** Failures of one schedule at the most. */
  atOnce: number;
  /** The last moment at which one begins, after that of the scenario's own first fault. */
  horizonMs: number;
}

/** Which option, when, and for how long (0: to the end), in steps. */
type Drawn = [option: number, start: number, lasts: number];

export class ScheduleSpace {
  readonly #space: FailureSpace;
  readonly #options: readonly FailureOption[];
  readonly #limits: DrawLimits;
  readonly #isValid: (schedule: Schedule) => boolean;
  /** What draws, and what makes simpler. */
  readonly #drawn: fc.Arbitrary<Drawn[]>;
  readonly #plain: fc.Arbitrary<Drawn[]>;
  /** Several failures, where several are allowed. */
  readonly #combined: fc.Arbitrary<Drawn[]>;

  /** @param isValid What more a schedule must be: a scenario that can be run. */
  constructor(
    space: FailureSpace,
    options: readonly FailureOption[],
    limits: DrawLimits,
    isValid: (schedule: Schedule) => boolean,
  ) {
    this.#space = space;
    this.#options = options;
    this.#limits = limits;
    this.#isValid = isValid;
    const taking = options.flatMap(({ faultKind }, at) => (takesAway(faultKind) ? [at] : []));
    const last = Math.max(0, options.length - 1);
    const start = fc.integer({ min: 0, max: Math.round(limits.horizonMs / startStepMs) });
    const lasts = fc.integer({ min: 0, max: Math.round(limits.horizonMs / lastsStepMs) });
    const any = fc.integer({ min: 0, max: last });
    // What takes an element away is worth more trials than what makes it worse.
    const option =
      taking.length === 0
        ? any
        : fc.oneof(
            { arbitrary: fc.constantFrom(...taking), weight: 2 },
            { arbitrary: any, weight: 1 },
          );
    const toTheEnd = { arbitrary: fc.constant(0), weight: 1 };
    const drawn = fc.tuple(option, start, fc.oneof(toTheEnd, { arbitrary: lasts, weight: 1 }));
    const size = { minLength: 1, maxLength: limits.atOnce, size: 'max' as const };
    this.#drawn = fc.array(drawn, size);
    this.#combined = fc.array(drawn, { ...size, minLength: Math.min(2, limits.atOnce) });
    // Another element is not a simpler one.
    this.#plain = fc.array(fc.tuple(fc.noShrink(any), start, lasts), size);
  }

  get options(): readonly FailureOption[] {
    return this.#options;
  }

  /** Every element once, alone and to the end, in an order that the seed decides. */
  alone(seed: number): Schedule[] {
    const seen = new Set<string>();
    const plainest = this.#options.filter(({ element, faultKind }) => {
      const isNew = takesAway(faultKind) && !seen.has(element.name);
      if (isNew) seen.add(element.name);
      return isNew;
    });
    return shuffled(plainest, randomFrom(derivedSeed(seed, 'alone'))).map((one) => [
      { ...one, startMs: 0, lastsMs: null },
    ]);
  }

  /** A schedule that no earlier draw made; null when a thousand draws give none. */
  fresh(seed: number, tried: ReadonlySet<string>): Schedule | null {
    for (let attempt = 0; attempt < 1000; attempt += 1) {
      // Single failures have had their turn. Where combinations are all cuts, they come again.
      const from = attempt % 4 === 3 ? this.#drawn : this.#combined;
      const [drawn = []] = fc.sample(from, {
        seed: derivedSeed(seed, `draw ${attempt}`) | 0,
        numRuns: 1,
      });
      const random = randomFrom(derivedSeed(seed, `closer ${attempt}`));
      const schedule = this.#scheduleOf(random() < 0.5 ? closer(drawn, random) : drawn);
      if (this.#allows(schedule, tried)) return schedule;
    }
    return null;
  }

  /**
   * A neighbour of a schedule: one failure more, moved, longer, or another one in its place.
   * @param tookOver Nodes that carry the traffic since: a further failure hits one of them as often
   *   as anything else.
   */
  neighbour(
    schedule: Schedule,
    seed: number,
    tried: ReadonlySet<string>,
    tookOver: readonly string[] = [],
  ): Schedule | null {
    const random = randomFrom(derivedSeed(seed, 'neighbour'));
    const carrying = this.#options.flatMap(({ element }, option) =>
      tookOver.includes(element.name) ? [option] : [],
    );
    for (let attempt = 0; attempt < 200; attempt += 1) {
      const drawn = this.#changed(this.#drawnOf(schedule), random, carrying);
      const changed = this.#scheduleOf(drawn);
      if (this.#allows(changed, tried)) return changed;
    }
    return null;
  }

  /** Simpler ones, the simplest first: fewer failures, then plainer moments. Each is allowed. */
  simpler(schedule: Schedule): Schedule[] {
    const drawn = this.#drawnOf(schedule);
    const fewer =
      drawn.length > 1 ? drawn.map((_, place) => drawn.filter((__, at) => at !== place)) : [];
    const rounder = [...this.#plain.shrink(drawn, undefined)]
      .map(({ value }) => value)
      .filter((value) => value.length === drawn.length && isMuchSimpler(value, drawn));
    const seen = new Set([keyOfSchedule(schedule)]);
    return [...fewer, ...rounder]
      .map((one) => this.#scheduleOf(one))
      .filter((one) => {
        const key = keyOfSchedule(one);
        const isNew = !seen.has(key);
        seen.add(key);
        return isNew && this.#allows(one, new Set());
      });
  }

  #changed(drawn: Drawn[], random: Random, carrying: readonly number[]): Drawn[] {
    const copy = drawn.map((one): Drawn => [...one]);
    const { atOnce, horizonMs } = this.#limits;
    const maxStart = Math.round(horizonMs / startStepMs);
    const maxLasts = Math.round(horizonMs / lastsStepMs);
    const draw = (below: number) => Math.floor(random() * below);
    const one = pick(copy, random);
    if (!one) return copy;
    const other = pick(
      copy.filter((each) => each !== one),
      random,
    );
    const near = () => {
      // Soon after another one began, or after it was healed: there controllers are busy.
      if (!other) return draw(maxStart + 1);
      const healed = other[2] > 0 && random() < 0.5 ? (other[2] * lastsStepMs) / startStepMs : 0;
      return Math.min(maxStart, other[1] + healed + draw(16));
    };
    const grows = copy.length < atOnce;
    // One failure at another moment is seldom worse: what was bad alone is tried with a second one.
    const change = grows && (copy.length === 1 || random() < 0.5) ? 4 : draw(4);
    if (change === 0) one[1] = near();
    else if (change === 1) one[2] = random() < 0.4 ? 0 : draw(maxLasts + 1);
    else if (change === 2) one[0] = draw(this.#options.length);
    else if (change === 3) one[1] = Math.max(0, Math.min(maxStart, one[1] + draw(9) - 4));
    else {
      // One after the other, as often as both at once: half of them begin when the first is healed.
      const follows = random() < 0.5;
      if (one[2] === 0 && follows) one[2] = 5 + draw(11);
      const healed = follows ? (one[2] * lastsStepMs) / startStepMs + draw(2 * busySteps) : 0;
      const start = Math.min(maxStart, one[1] + (follows ? healed : draw(busySteps + 1)));
      const hit = random() < 0.5 ? pick(carrying, random) : undefined;
      const option = hit ?? draw(this.#options.length);
      copy.push([option, start, random() < 0.7 ? 0 : draw(maxLasts + 1)]);
    }
    return copy;
  }

  #allows(schedule: Schedule, tried: ReadonlySet<string>): boolean {
    if (tried.has(keyOfSchedule(schedule))) return false;
    return excludedBy(this.#space, schedule) === null && this.#isValid(schedule);
  }

  /** In the order of time, so that two drawings of one schedule are one. */
  #scheduleOf(drawn: readonly Drawn[]): Schedule {
    return drawn
      .flatMap(([option, start, lasts]): ScheduledFailure[] => {
        const of = this.#options[option];
        if (!of) return [];
        const lastsMs = lasts === 0 ? null : lasts * lastsStepMs;
        return [{ ...of, startMs: start * startStepMs, lastsMs }];
      })
      .sort((one, other) => one.startMs - other.startMs);
  }

  #drawnOf(schedule: Schedule): Drawn[] {
    return schedule.map(({ startMs, lastsMs, ...of }) => {
      const option = this.#options.findIndex(
        ({ element, faultKind, fields }) =>
          element.name === of.element.name &&
          faultKind === of.faultKind &&
          JSON.stringify(fields) === JSON.stringify(of.fields),
      );
      return [option, startMs / startStepMs, (lastsMs ?? 0) / lastsStepMs];
    });
  }
}

/** The same failures, each soon after the one before: while that one is being handled. */
function closer(drawn: readonly Drawn[], random: Random): Drawn[] {
  const sorted = [...drawn].sort(([, one], [, other]) => one - other);
  let start = sorted[0]?.[1] ?? 0;
  return sorted.map(([option, , lasts], place) => {
    if (place > 0) start += Math.floor(random() * (busySteps + 1));
    return [option, start, lasts];
  });
}

/** A step of a few per cent costs a trial and helps no reader. */
function isMuchSimpler(simple: readonly Drawn[], than: readonly Drawn[]): boolean {
  return simple.some((one, place) =>
    one.some((value, field) => {
      const was = than[place]?.[field] ?? 0;
      return value < was && (value === 0 || value <= was * 0.75);
    }),
  );
}

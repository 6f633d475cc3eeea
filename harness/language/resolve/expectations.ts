/** Expectations bound to meters, flows and faults, each with the sentence that people read. */

import type { ResolvedExpectation } from '../../model/resolved.js';
import {
  formatBitrate,
  formatDuration,
  quoted,
  shown,
  writtenDuration,
} from '../../model/units.js';
import { didYouMean, joinPath, type Problems } from '../problems.js';
import {
  boundSchemas,
  expectationSchema,
  type MetricUnit,
  metricWords,
  type ReadExpectation,
} from '../schema/expectation.js';
import { read } from '../schema/fields.js';
import { knownNode } from './parts.js';
import type { PlannedStep } from './timeline.js';
import { meterBetween, type ResolvedTraffic } from './traffic.js';

export interface ExpectationContext {
  traffic: ResolvedTraffic;
  steps: readonly PlannedStep[];
  hosts: ReadonlySet<string>;
  names: ReadonlySet<string>;
  recoveryDeadlineMs: number;
  problems: Problems;
}

/** Each is a line of every report. */
const expectationsMax = 1000;

/** Binds what `expect` lists. */
export function resolveExpectations(
  written: unknown,
  context: ExpectationContext,
): ResolvedExpectation[] {
  if (written === undefined) return [];
  if (!Array.isArray(written)) {
    context.problems.add('expect', `must be a list, got ${shown(written)}`);
    return [];
  }
  if (written.length > expectationsMax) {
    const message = `has ${written.length} expectations; at most ${expectationsMax} are judged`;
    context.problems.add('expect', message);
    return [];
  }
  return written.flatMap((item, index) => {
    const path = joinPath('expect', [index]);
    if (!isExpectation(item)) {
      const right = 'write networkOutage.atMost(…) or another expectation with its bound';
      context.problems.add(path, `must be an expectation, got ${shown(item)}; ${right}`);
      return [];
    }
    const part = read(expectationSchema, item, path, context.problems);
    const bound = part && bindExpectation(part, path, index, context);
    return bound === undefined ? [] : [bound];
  });
}

/** Of anything else, each of its fields would be a problem. */
function isExpectation(item: unknown): boolean {
  return typeof item === 'object' && item !== null && 'kind' in item && item.kind === 'expectation';
}

function bindExpectation(
  part: ReadExpectation,
  path: string,
  index: number,
  context: ExpectationContext,
): ResolvedExpectation | undefined {
  const { problems } = context;
  const [words, unit] = metricWords[part.metric];
  const atMost = bindBound(part.atMost, unit, joinPath(path, ['atMost']), problems);
  const atLeast = bindBound(part.atLeast, unit, joinPath(path, ['atLeast']), problems);
  if (atMost === undefined || atLeast === undefined) return undefined;
  if (atMost === null && atLeast === null && part.between === undefined) {
    problems.add(path, 'has no bound', 'write .atMost(…) or .atLeast(…)');
    return undefined;
  }
  if (atMost !== null && atLeast !== null && atMost < atLeast) {
    problems.add(path, `no value is at least ${atLeast} and at most ${atMost}`);
  }
  checkDeadline({ unit, atMost, atLeast }, path, context);
  const of = part.between ? bindContact(part.between, path, context) : bindOf(part, path, context);
  const step = bindStep(part.after, joinPath(path, ['after']), context);
  if (of === undefined || step === undefined) return undefined;
  const text = sentence(part, { words, unit, atMost, atLeast });
  const healCounts = part.healCounts === undefined ? {} : { healCounts: part.healCounts };
  const single = part.everySingleFailure ? { everySingleFailure: true as const } : {};
  const { metric } = part;
  const bounds = { atMost, atLeast, ...healCounts, ...single };
  return { id: `expect-${index + 1}`, text, metric, of, step, ...bounds };
}

function bindBound(
  value: unknown,
  unit: MetricUnit,
  path: string,
  problems: Problems,
): number | null | undefined {
  if (value === undefined) return null;
  return read(boundSchemas[unit], value, path, problems);
}

/** What lies behind the deadline is never seen: it is reported as "longer than". */
function checkDeadline(
  bounds: { unit: MetricUnit; atMost: number | null; atLeast: number | null },
  path: string,
  { recoveryDeadlineMs, problems }: ExpectationContext,
): void {
  if (bounds.unit !== 'ms') return;
  for (const key of ['atMost', 'atLeast'] as const) {
    const bound = bounds[key];
    if (bound === null || bound <= recoveryDeadlineMs) continue;
    const deadline = formatDuration(recoveryDeadlineMs);
    problems.add(
      joinPath(path, [key]),
      `${formatDuration(bound)} cannot be observed: the run waits for recovery at most ${deadline}`,
      `raise limits.recoverWithin to '${writtenDuration(bound)}' or more`,
    );
  }
}

function bindContact(
  between: readonly [string, string],
  path: string,
  context: ExpectationContext,
): string | undefined {
  const fine = between.map((name, index) => {
    const at = joinPath(path, ['between', index]);
    if (!knownNode(name, context.names, at, context.problems)) return false;
    if (context.hosts.has(name)) return true;
    context.problems.add(at, `'${name}' is not a host; contact is measured between hosts`);
    return false;
  });
  if (!fine.every(Boolean)) return undefined;
  return meterBetween(context.traffic, between[0], between[1], path).id;
}

function bindOf(
  part: ReadExpectation,
  path: string,
  { traffic, problems }: ExpectationContext,
): string | null | undefined {
  if (part.of === undefined) return null;
  const known = [...traffic.places.keys()];
  if (known.includes(part.of)) return part.of;
  // What is broken is reported where it was written, once.
  if (traffic.broken.anyName || traffic.broken.ids.has(part.of)) return undefined;
  const list = known.length === 0 ? 'none' : known.join(', ');
  const advice = didYouMean(part.of, known);
  problems.add(
    joinPath(path, ['of']),
    `there is no meter or flow ${quoted(part.of)}${advice} (there are: ${list})`,
  );
  return undefined;
}

function bindStep(
  fault: string | undefined,
  path: string,
  { steps, problems }: ExpectationContext,
): string | null | undefined {
  if (fault === undefined) return null;
  const faults = steps.flatMap(({ step }) => (step.action.kind === 'inject' ? [step.id] : []));
  if (faults.includes(fault)) return fault;
  const list = faults.length === 0 ? 'none' : faults.join(', ');
  const advice = didYouMean(fault, faults);
  problems.add(path, `there is no fault ${quoted(fault)}${advice} (there are: ${list})`);
  return undefined;
}

interface Bounds {
  words: string;
  unit: MetricUnit;
  atMost: number | null;
  atLeast: number | null;
}

function sentence(part: ReadExpectation, bounds: Bounds): string {
  const where = part.of === undefined ? '' : ` of ${part.of}`;
  if (part.everySingleFailure && bounds.atMost !== null) {
    return `every single failure recovers within ${show(bounds.atMost, bounds.unit)}`;
  }
  const heal = part.healCounts === true ? ', ended by the heal or before' : '';
  const when = (part.after === undefined ? '' : ` after ${part.after}`) + heal;
  if (part.between) return `${part.between.join(' and ')} ${bounds.words}${when}`;
  if (bounds.unit === 'yes') return `${bounds.words}${where}${when}`;
  const most = bounds.atMost === null ? [] : [`at most ${show(bounds.atMost, bounds.unit)}`];
  const least = bounds.atLeast === null ? [] : [`at least ${show(bounds.atLeast, bounds.unit)}`];
  if (bounds.atMost === 0) return `no ${bounds.words}${where}${when}`;
  return `${bounds.words}${where} ${[...least, ...most].join(', ')}${when}`;
}

function show(value: number, unit: MetricUnit): string {
  if (unit === 'ms') return formatDuration(value);
  if (unit === 'bps') return formatBitrate(value);
  return unit === '%' ? `${value} %` : String(value);
}

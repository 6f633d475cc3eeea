/** The words for a sweep that all its reports share. */
import { worstDirection } from '../../harness/judge/outage.js';
import type { FeltLevel, SweepCase, SweepResult } from '../../harness/judge/sweep.js';
import type { CaseChange, SweepChange } from '../../harness/judge/sweep-change.js';
import type { ElementAside, FailureCase, SweepPlan } from '../../harness/model/failure-case.js';
import type { TrialResult } from '../../harness/model/result.js';
import { formatAtLeastMs, formatCounted, formatMs, unknown } from '../format.js';

/** How long a loss is felt, or why it was not tried. */
export type MapLevel = FeltLevel | 'cut' | 'untried';

/** The mildest first, as legends list them; a sign is one character, since maps are made of them. */
export const levelWords: Record<MapLevel, { sign: string; words: string }> = {
  none: { sign: '.', words: 'no outage' },
  brief: { sign: '-', words: 'under 100 ms' },
  short: { sign: '=', words: 'under 1 s' },
  long: { sign: '#', words: '1 s and more' },
  never: { sign: 'X', words: 'never recovers by itself' },
  cut: { sign: '!', words: 'a cut: no other path' },
  untried: { sign: ':', words: 'not failed' },
  unknown: { sign: '?', words: 'no valid trial' },
};

export const levelOrder = Object.keys(levelWords) as MapLevel[];

/** `s1`, or `s1 + l1-s2`. */
export function elementsText({ failures }: Pick<FailureCase, 'failures'>): string {
  return failures.map(({ element }) => element.name).join(' + ');
}

/** `power-off`, or `power-off + link-down` where they differ. */
export function faultsText({ failures }: Pick<FailureCase, 'failures'>): string {
  return [...new Set(failures.map(({ faultKind }) => faultKind))].join(' + ');
}

/** `s1 (power-off)`: what a case is called where it stands alone. */
export function caseName(one: Pick<FailureCase, 'failures'>): string {
  return `${elementsText(one)} (${faultsText(one)})`;
}

/** The largest outage: `412 ms`, `none`, `> 10 s`. */
export function largestText({ outageMs, outageAtLeastMs, valid }: SweepCase): string {
  if (valid === 0) return unknown;
  return readingText(outageMs.max, outageAtLeastMs);
}

export function medianText({ outageMs, outageAtLeastMs, valid }: SweepCase): string {
  if (valid === 0) return unknown;
  return readingText(outageMs.median, valid === 1 ? outageAtLeastMs : null);
}

function readingText(ms: number | null, atLeastMs: number | null): string {
  if (ms === 0) return 'none';
  if (ms !== null) return formatMs(ms);
  return atLeastMs === null ? 'never ended' : formatAtLeastMs(atLeastMs);
}

/** `8 of 9 failures recover by themselves, 1 never does.` */
export function countsSentence({ counts }: SweepResult): string {
  const { cases, recover, never, unknown: open } = counts;
  const verb = recover === 1 ? 'recovers by itself' : 'recover by themselves';
  const rest = [
    never > 0 ? `${never} never ${never === 1 ? 'does' : 'do'}` : '',
    open > 0 ? `${open} without a valid trial` : '',
  ].filter(Boolean);
  return `${[`${recover} of ${formatCounted(cases, 'failure')} ${verb}`, ...rest].join(', ')}.`;
}

/** `The loss of s1 is felt longest: 412 ms.`; null where no loss is felt. */
export function worstSentence({ cases }: SweepResult): string | null {
  const [worst] = cases;
  if (!worst || worst.level === 'none' || worst.level === 'unknown') return null;
  return `The loss of ${elementsText(worst)} is felt longest: ${largestText(worst)}.`;
}

/** What was not failed, each group in a sentence. */
export function asideSentences({ aside, pairs }: Pick<SweepResult, 'aside' | 'pairs'>): string[] {
  const names = (list: readonly ElementAside[]) =>
    list.map(({ element }) => element.name).join(', ');
  const cuts = aside.filter((one) => one.why === 'cut');
  const unused = aside.filter((one) => one.why === 'unused');
  const unable = aside.filter((one) => one.why === 'cannot-fail');
  const cutPairs = new Set(cuts.flatMap((one) => one.pairs.map(({ from, to }) => `${from}–${to}`)));
  return [
    ...(cuts.length > 0
      ? [
          `Cuts, which no network could survive: ${names(cuts)} (without one of them there is no path for ${[...cutPairs].join(', ')}).`,
        ]
      : []),
    ...(unused.length > 0 ? [`No traffic can use: ${names(unused)}.`] : []),
    ...unableSentences(unable),
    ...(pairs === null
      ? []
      : [
          `Pairs: ${pairs.chosen} of ${pairs.possible - pairs.cut} that leave a path were run; ${pairs.cut} of ${pairs.possible} cut traffic off.`,
        ]),
  ];
}

function unableSentences(unable: ReadonlyArray<Extract<ElementAside, { why: 'cannot-fail' }>>) {
  const byMessage = new Map<string, string[]>();
  for (const { message, element } of unable) {
    byMessage.set(message, [...(byMessage.get(message) ?? []), element.name]);
  }
  return [...byMessage].map(([message, names]) => `Not failed: ${names.join(', ')}: ${message}.`);
}

/** What a sweep is about to do: `9 failures, 1 trial of each`. */
export function planSentence({ cases, rounds }: Pick<SweepPlan, 'cases' | 'rounds'>): string {
  return `${formatCounted(cases.length, 'failure')}, ${formatCounted(rounds, 'trial')} of each`;
}

export interface SweepTiming {
  done: number;
  planned: number;
  elapsedMs: number;
}

/** `3/9  s2 (power-off): outage 412 ms, pass; about 2 min left`. */
export function progressSentence(name: string, trial: TrialResult, timing: SweepTiming): string {
  const { done, planned, elapsedMs } = timing;
  const { network, verdict } = trial;
  const worst = network === null ? null : worstDirection([network.forward, network.reverse]);
  const outage = worst === null ? unknown : readingText(worst.outageMs, worst.outageAtLeastMs);
  const leftMs = (elapsedMs / done) * (planned - done);
  const left = done >= planned ? '' : `; about ${leftText(leftMs)} left`;
  return `${done}/${planned}  ${name}: outage ${outage}, ${verdict}${left}`;
}

function leftText(ms: number): string {
  return ms < 90_000 ? `${Math.ceil(ms / 1000)} s` : `${Math.ceil(ms / 60_000)} min`;
}

/** Where a page describes a case. */
export function caseAnchor({ place }: Pick<SweepCase, 'place'>): string {
  return `case-${place + 1}`;
}

/** `3 of 9 failures are felt longer than in the sweep of …`, then each of them. */
export function changeLines({ since, worse, better, same, notCompared }: SweepChange): string[] {
  const whole = worse.length + better.length + same;
  const told = (changes: readonly CaseChange[]) =>
    changes.map((one) => `${caseName(one)}: ${levelRead(one.before)}, now ${levelRead(one.now)}`);
  return [
    `Since the sweep of ${since}: of ${formatCounted(whole, 'failure')} ${worse.length} are felt longer, ${better.length} shorter, ${same} alike${notCompared > 0 ? `; ${notCompared} cannot be compared` : ''}.`,
    ...(worse.length > 0 ? ['Longer:', ...told(worse)] : []),
    ...(better.length > 0 ? ['Shorter:', ...told(better)] : []),
  ];
}

function levelRead({ level, outageMs }: CaseChange['now']): string {
  if (level === 'never') return 'it never recovered by itself';
  return readingText(outageMs, null);
}

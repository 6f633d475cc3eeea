/** Trials as a strip of dots with the median and its interval. Shared by trials and comparison. */
import type { Summary, TrialResult } from '../../../harness/model/result.js';
import { formatMs, formatRoundMs } from '../../format.js';
import { type Html, html } from '../markup.js';
import { worseDirection } from './numbers.js';

export interface Dot {
  trial: number;
  /** Null = censored: drawn at the right edge, beyond every number. */
  value: number | null;
  verdict: string;
}

export function outageDots(trials: TrialResult[]): Dot[] {
  return trials.flatMap((trial, index) =>
    trial.network
      ? [{ trial: index, value: worseDirection(trial.network)[1].outageMs, verdict: trial.verdict }]
      : [],
  );
}

export function stallDots(trials: TrialResult[]): Dot[] {
  return trials.flatMap((trial, index) =>
    trial.tcp ? [{ trial: index, value: trial.tcp.stallMs, verdict: trial.verdict }] : [],
  );
}

/** From a value to its share of the axis, 0 to 1, and the values that get a tick. */
export interface Scale {
  share: (ms: number) => number;
  ticks: number[];
}

/** A round upper end for an axis. */
function niceCeiling(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const steps = [1, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6, 8, 10];
  return steps.map((step) => step * power).find((end) => end >= value) ?? value;
}

/** Linear from zero; by powers of ten where the values span more than a factor of twelve. */
export function scaleFor(values: Array<number | null>): Scale {
  const known = values.filter((value): value is number => value !== null);
  const largest = Math.max(0, ...known);
  const smallest = Math.min(largest, ...known);
  if (smallest > 0 && largest / smallest > 12) return decades(smallest, largest);
  const end = niceCeiling(largest);
  return {
    share: (ms) => ms / end,
    ticks: [0, 0.25, 0.5, 0.75, 1].map((share) => share * end),
  };
}

function decades(smallest: number, largest: number): Scale {
  const low = Math.floor(Math.log10(smallest));
  const high = Math.ceil(Math.log10(largest));
  const ticks: number[] = [];
  for (let power = low; power <= high; power += 1) {
    ticks.push(10 ** power);
    if (power < high && high - low <= 3) ticks.push(3 * 10 ** power);
  }
  return { share: (ms) => (Math.log10(Math.max(ms, 10 ** low)) - low) / (high - low), ticks };
}

const plot = { width: 1000, left: 30, right: 925, beyond: 975, middle: 32, height: 78 };

/** Dots that would hide each other are moved apart upwards and downwards. */
function stacked(places: number[]): number[] {
  const taken: Array<{ x: number; level: number }> = [];
  return places.map((x) => {
    let level = 0;
    while (taken.some((dot) => dot.level === level && Math.abs(dot.x - x) < 12)) {
      level = level <= 0 ? 1 - level : -level;
    }
    taken.push({ x, level });
    return level;
  });
}

function inWords(title: string, dots: Dot[]): string {
  const each = dots.map(
    (dot) => `trial ${dot.trial + 1} ${dot.value === null ? 'no recovery' : formatMs(dot.value)}`,
  );
  return `${title}: ${each.join(', ')}`;
}

/** The strip. `chosen` is the trial to be set off, or null. */
export function dotStrip(
  title: string,
  dots: Dot[],
  summary: Summary,
  scale: Scale,
  chosen: number | null,
): Html {
  const x = (ms: number | null) =>
    ms === null ? plot.beyond : Math.round(plot.left + scale.share(ms) * (plot.right - plot.left));
  const levels = stacked(dots.map((dot) => x(dot.value)));
  const step = Math.min(9, 24 / Math.max(1, ...levels.map(Math.abs)));
  const circle = (dot: Dot, index: number) =>
    html`<circle class="dot ${dot.verdict} ${dot.trial === chosen && 'chosen'}" data-trial="${dot.trial}" cx="${x(dot.value)}" cy="${plot.middle + (levels[index] ?? 0) * step}" r="${dot.trial === chosen ? 7 : 5.5}"><title>trial ${dot.trial + 1}: ${dot.value === null ? 'no recovery' : formatMs(dot.value)}</title></circle>`;
  return html`<svg class="dots" viewBox="0 0 ${plot.width} ${plot.height}" role="img" aria-label="${inWords(title, dots)}">
    ${scale.ticks.map((ms) => html`<path class="grid" d="M${x(ms)} 4V58"/><text class="tick" x="${x(ms)}" y="74">${formatRoundMs(ms)}</text>`)}
    ${dots.some((dot) => dot.value === null) && html`<text class="tick" x="${plot.beyond}" y="74">never</text>`}
    ${intervalBand(summary, x)}
    ${dots.map(circle)}
  </svg>`;
}

function intervalBand(summary: Summary, x: (ms: number | null) => number): Html {
  const { ci95, median, censored } = summary;
  return html`${ci95 && html`<rect class="interval" x="${x(ci95[0])}" y="${plot.middle - 20}" width="${Math.max(2, x(ci95[1]) - x(ci95[0]))}" height="40" rx="3"/>`}
    ${(median !== null || censored > 0) && html`<path class="median" d="M${x(median)} ${plot.middle - 25}v50"/>`}`;
}

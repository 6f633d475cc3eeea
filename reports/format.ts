/** How numbers become words, the same in every report. Pure; no colour, no layout. */

/** What is shown for an unknown number. */
export const unknown = '–';

/** `312 ms`, `2.4 ms`, `9.412 s`, `74.2 s`; `–` for null. Precision follows the size. */
export function formatMs(ms: number | null): string {
  if (ms === null) return unknown;
  const size = Math.abs(ms);
  if (size < 9.95) return `${trimZeros(ms.toFixed(1))} ms`;
  if (size < 999.5) return `${ms.toFixed(0)} ms`;
  return `${(ms / 1000).toFixed(size < 100_000 ? 3 : 1)} s`;
}

/** A duration for people in a hurry: two or three figures, `9.4 s`, `312 ms`, `74 s`. */
export function formatBriefMs(ms: number | null): string {
  if (ms === null) return unknown;
  const size = Math.abs(ms);
  if (size < 9.95) return `${trimZeros(ms.toFixed(1))} ms`;
  if (size < 999.5) return `${ms.toFixed(0)} ms`;
  return `${(ms / 1000).toFixed(size < 99_950 ? 1 : 0)} s`;
}

/** A whole number of seconds or milliseconds without noise: `0 s`, `2.5 s`, `250 ms`. */
export function formatRoundMs(ms: number): string {
  if (ms !== 0 && Math.abs(ms) < 1000) return `${trimZeros(ms.toFixed(1))} ms`;
  return `${trimZeros((ms / 1000).toFixed(3))} s`;
}

/**
 * A reading with the resolution it was taken at: `312 ms ± 1`, `9.412 s ± 1 ms`,
 * `13.1 s ± 0.1`. No more decimals than the resolution supports.
 */
export function formatReading(ms: number, resolutionMs: number): string {
  if (Math.abs(ms) < 999.5) {
    const decimals = decimalsFor(resolutionMs);
    return `${ms.toFixed(decimals)} ms ± ${roundResolution(resolutionMs)}`;
  }
  const resolutionS = resolutionMs / 1000;
  const value = (ms / 1000).toFixed(Math.min(3, decimalsFor(resolutionS)));
  return resolutionMs < 100
    ? `${value} s ± ${roundResolution(resolutionMs)} ms`
    : `${value} s ± ${roundResolution(resolutionS)}`;
}

/** The value of a reading alone, with no more decimals than its resolution supports. */
export function formatMsAt(ms: number | null, resolutionMs: number): string {
  return ms === null ? unknown : (formatReading(ms, resolutionMs).split(' ±')[0] ?? '');
}

/** A lower bound, rounded down so that it stays one: `> 20 s`, `> 850 ms`. */
export function formatAtLeastMs(ms: number): string {
  if (ms < 1000) return `> ${Math.floor(ms)} ms`;
  return `> ${trimZeros((Math.floor(ms / 100) / 10).toFixed(1))} s`;
}

/** The lower bound of what only a heal ended: `> 6.0 s, until the heal`. */
export function formatUntilHealMs(ms: number): string {
  const bound = ms < 1000 ? formatAtLeastMs(ms) : `> ${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
  return `${bound}, until the heal`;
}

/**
 * What the true value lies in: `1.810–1.812 s`, `310–312 ms`, `13.21–13.31 s`. The lower end is
 * rounded down and the upper end up, so that it stays true.
 */
export function formatRangeMs([lowMs, highMs]: readonly [number, number]): string {
  if (highMs - lowMs < 0.0005) return formatMs(highMs);
  const inMs = highMs < 999.5;
  const size = inMs ? 1 : 1000;
  const width = (highMs - lowMs) / size;
  const decimals = Math.min(3, Math.max(0, Math.ceil(-Math.log10(width) - 1e-3) + (inMs ? 0 : 1)));
  const scale = 10 ** Math.min(decimals, 3);
  const low = Math.floor((lowMs / size) * scale + 1e-6) / scale;
  const high = Math.ceil((highMs / size) * scale - 1e-6) / scale;
  return `${low.toFixed(decimals)}–${high.toFixed(decimals)} ${inMs ? 'ms' : 's'}`;
}

/** A reading with the range of the true value around it, and how it ended where it is censored. */
export interface RangedReading {
  /** Null = censored. */
  ms: number | null;
  atLeastMs: number;
  rangeMs: readonly [number, number];
  ending: 'recovered' | 'heal' | 'unclear' | 'deadline' | 'open' | null;
}

/** The same words for every interruption, in every report. */
export function formatInterruption({ ms, atLeastMs, rangeMs, ending }: RangedReading): string {
  if (ms === 0) return 'none';
  if (ms === null) {
    return ending === 'heal' ? formatUntilHealMs(atLeastMs) : formatAtLeastMs(atLeastMs);
  }
  const range = formatRangeMs(rangeMs);
  return ending === 'unclear' ? `${range}, to about the heal` : range;
}

/** `94.8 Mbit/s`, decimal multiples. */
export function formatBps(bps: number | null): string {
  if (bps === null) return unknown;
  const units = ['bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s', 'Tbit/s'];
  let value = bps;
  let unit = 0;
  while (Math.abs(value) >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${threeFigures(value)} ${units[unit]}`;
}

/** `111 MB`, decimal multiples. */
export function formatBytes(bytes: number | null): string {
  if (bytes === null) return unknown;
  return formatBps(bytes).replace('bit/s', 'B');
}

/** `121,004`; `–` for null. */
export function formatCount(count: number | null): string {
  if (count === null) return unknown;
  return Math.round(count)
    .toString()
    .replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** `1 packet`, `9,412 packets`. */
export function formatCounted(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${Math.round(count) === 1 ? '' : 's'}`;
}

/** `12 %`, `0.4 %`; `–` for null. */
export function formatPercent(percent: number | null): string {
  if (percent === null) return unknown;
  const size = Math.abs(percent);
  return `${size !== 0 && size < 9.95 ? trimZeros(percent.toFixed(1)) : percent.toFixed(0)} %`;
}

/** A share of a whole as a whole percentage; tiny shares are `< 1 %`, never `0 %`. */
export function formatShare(share: number | null): string {
  if (share === null) return unknown;
  if (share > 0 && share < 0.005) return '< 1 %';
  return `${(share * 100).toFixed(0)} %`;
}

/** Any measured quantity by the unit it came with; an unknown unit is printed as it stands. */
export function formatQuantity(value: number | null, unit: string): string {
  if (value === null) return unknown;
  switch (unit) {
    case 'ms':
      return formatMs(value);
    case 'bps':
    case 'bit/s':
      return formatBps(value);
    case '%':
    case 'percent':
      return formatPercent(value);
    case 'bytes':
      return formatBytes(value);
    case '':
      return trimZeros(value.toFixed(3));
    default:
      return `${Number.isInteger(value) ? formatCount(value) : trimZeros(value.toFixed(2))} ${unit}`;
  }
}

/** Takes trailing zeros of a decimal fraction away, and the sign of what was rounded to zero. */
export function trimZeros(text: string): string {
  const trimmed = text.includes('.') ? text.replace(/\.?0+$/, '') : text;
  return trimmed === '-0' ? '0' : trimmed;
}

function threeFigures(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return '0';
  return value.toFixed(size < 9.995 ? 2 : size < 99.95 ? 1 : 0);
}

function decimalsFor(resolution: number): number {
  return resolution >= 1 || resolution <= 0 ? 0 : Math.min(3, Math.ceil(-Math.log10(resolution)));
}

function roundResolution(resolution: number): string {
  return trimZeros(resolution.toFixed(Math.max(1, decimalsFor(resolution))));
}

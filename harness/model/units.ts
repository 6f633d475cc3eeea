/**
 * Quantities as people write them. Every quantity carries its unit, so that `10` can never be read
 * as milliseconds by one and as seconds by another. The types let an editor complain while typing;
 * the parsers below say why at run time.
 */

/** A length of time: `'200ms'`, `'10s'`, `'1.5s'`, `'2min'`. */
export type Duration = `${number}ms` | `${number}s` | `${number}min`;

/** A size: `'1400B'`, `'1.5kB'`. */
export type ByteSize = `${number}B` | `${number}kB`;

/** A rate: `'100Mbit/s'`, `'64kbit/s'`. Decimal prefixes, as iperf3 uses them for bits. */
export type Bitrate = `${number}bit/s` | `${number}kbit/s` | `${number}Mbit/s` | `${number}Gbit/s`;

/** A share: `'5%'`, `'0.1%'`, from 0 to 100. */
export type Percent = `${number}%`;

interface UnitFamily {
  what: string;
  examples: string;
  factors: Readonly<Record<string, number>>;
  /** What people write instead, with what it should be. */
  slips: Readonly<Record<string, string>>;
}

const durations: UnitFamily = {
  what: 'a duration',
  examples: "'200ms', '10s' or '2min'",
  factors: { ms: 1, s: 1000, min: 60_000 },
  slips: { sec: 's', second: 's', seconds: 's', msec: 'ms', m: 'min', minutes: 'min' },
};

const sizes: UnitFamily = {
  what: 'a size in bytes',
  examples: "'1400B' or '1.5kB'",
  factors: { B: 1, kB: 1000 },
  slips: { b: 'B', bytes: 'B', byte: 'B', KB: 'kB', k: 'kB', K: 'kB', KiB: 'kB' },
};

const rates: UnitFamily = {
  what: 'a rate',
  examples: "'100Mbit/s' or '64kbit/s'",
  factors: { 'bit/s': 1, 'kbit/s': 1e3, 'Mbit/s': 1e6, 'Gbit/s': 1e9 },
  slips: {
    bps: 'bit/s',
    kbps: 'kbit/s',
    Kbps: 'kbit/s',
    Mbps: 'Mbit/s',
    mbps: 'Mbit/s',
    Gbps: 'Gbit/s',
    'Mb/s': 'Mbit/s',
    Mbit: 'Mbit/s',
    M: 'Mbit/s',
    G: 'Gbit/s',
    K: 'kbit/s',
    'mbit/s': 'Mbit/s',
    'Kbit/s': 'kbit/s',
  },
};

const shares: UnitFamily = {
  what: 'a percentage',
  examples: "'5%'",
  factors: { '%': 1 },
  slips: { percent: '%', pct: '%' },
};

/** A parsed quantity, or the sentence that says what is wrong with it. */
export type Parsed = { value: number } | { problem: string };

/** Milliseconds of a {@link Duration}. */
export const parseDuration = (text: unknown): Parsed => parseQuantity(durations, text);

/** Bytes of a {@link ByteSize}; whole bytes only. */
export function parseBytes(text: unknown): Parsed {
  const parsed = parseQuantity(sizes, text);
  if ('value' in parsed && !Number.isInteger(parsed.value)) {
    return { problem: `${quoted(text)} is not a whole number of bytes` };
  }
  return parsed;
}

/** Bits per second of a {@link Bitrate}. */
export const parseBitrate = (text: unknown): Parsed => parseQuantity(rates, text);

/** Percent (0 to 100) of a {@link Percent}. */
export function parsePercent(text: unknown): Parsed {
  const parsed = parseQuantity(shares, text);
  if ('value' in parsed && parsed.value > 100) {
    return { problem: `${quoted(text)} is more than 100%` };
  }
  return parsed;
}

function parseQuantity(family: UnitFamily, text: unknown): Parsed {
  const wanted = `${family.what} such as ${family.examples}`;
  if (typeof text === 'number') {
    const unit = Object.keys(family.factors).includes('s') ? 's' : Object.keys(family.factors)[0];
    return { problem: `${text} has no unit: write ${wanted} (${quoted(`${text}${unit}`)}?)` };
  }
  if (typeof text !== 'string') return { problem: `expected ${wanted}, got ${shown(text)}` };
  const match = /^(-?)(\d+(?:\.\d+)?)([A-Za-z%/]*)$/.exec(text);
  if (match === null) {
    const joined = text.replace(/\s+/g, '');
    const fits = joined !== text && 'value' in parseQuantity(family, joined);
    const advice = fits ? `; did you mean ${quoted(joined)}?` : '';
    return { problem: `${quoted(text)} is not ${wanted}${advice}` };
  }
  const [, sign = '', digits = '', unit = ''] = match;
  if (sign === '-') return { problem: `${quoted(text)} is negative` };
  if (unit === '') return { problem: `${quoted(text)} has no unit: write ${wanted}` };
  const factor = Object.hasOwn(family.factors, unit) ? family.factors[unit] : undefined;
  if (factor === undefined) return { problem: unknownUnit(family, text, digits, unit) };
  return { value: roundedProduct(Number(digits), factor) };
}

function unknownUnit(family: UnitFamily, text: string, digits: string, unit: string): string {
  const slip = Object.hasOwn(family.slips, unit) ? family.slips[unit] : undefined;
  const units = Object.keys(family.factors).join(', ');
  const advice = slip === undefined ? '' : `; did you mean ${quoted(`${digits}${slip}`)}?`;
  return `${quoted(text)} has an unknown unit '${unit}' (known: ${units})${advice}`;
}

/** 1.1 kB is 1100 bytes, not 1100.0000000000002. */
function roundedProduct(number: number, factor: number): number {
  return Number((number * factor).toPrecision(15));
}

/** A short name for a value of the wrong type. */
export function shown(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'bigint') return printable(`${value}n`);
  return typeof value === 'function' ? printable(String(value)) : String(value);
}

/** A text in quotes, safe to print. */
export function quoted(value: unknown): string {
  return `'${printable(String(value))}'`;
}

// Control characters, and the marks that make a terminal or a page show text in another order.
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Whether a text is one line without control characters. */
export function isPlainLine(text: string): boolean {
  return text.search(unprintable) === -1;
}

/** Text of unknown origin made safe to print: control characters shown, length limited. */
export function printable(text: string, charactersMax = 60): string {
  const shownText = text.replace(unprintable, (character) => {
    return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
  });
  if (shownText.length <= charactersMax) return shownText;
  return `${shownText.slice(0, charactersMax - 3)}...`;
}

/** Milliseconds as people write them: `1500` is `1.5 s`, `300` is `300 ms`. */
export function formatDuration(ms: number): string {
  const [unit, factor] = ms < 1000 ? ['ms', 1] : ms < 120_000 ? ['s', 1000] : ['min', 60_000];
  return `${Number((ms / Number(factor)).toFixed(3))} ${unit}`;
}

/** Milliseconds as a scenario takes them: `1500` is `1500ms`, `2000` is `2s`. */
export function writtenDuration(ms: number): Duration {
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${Math.ceil(ms)}ms`;
}

/** Bits per second as people write them: `1e8` is `100 Mbit/s`. */
export function formatBitrate(bps: number): string {
  const prefixes = [
    ['Gbit/s', 1e9],
    ['Mbit/s', 1e6],
    ['kbit/s', 1e3],
  ] as const;
  const found = prefixes.find(([, factor]) => bps >= factor);
  const [unit, factor] = found ?? (['bit/s', 1] as const);
  return `${Number((bps / factor).toFixed(3))} ${unit}`;
}

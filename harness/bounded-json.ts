/** Reads JSON that comes from elsewhere, within limits. Pure; a leaf that all may import. */

export interface JsonLimits {
  characters: number;
  /** Nested objects and arrays. */
  depth: number;
}

export type BoundedJson = { value: unknown } | { problem: string; cause?: unknown };

/** The value of a text, or what is wrong with it, as the half of a sentence. Never throws. */
export function readBoundedJson(text: string, limits: JsonLimits): BoundedJson {
  if (text.length > limits.characters)
    return { problem: `longer than ${limits.characters} characters` };
  if (nesting(text) > limits.depth) return { problem: `nested deeper than ${limits.depth}` };
  try {
    return { value: JSON.parse(text) };
  } catch (cause) {
    return { problem: 'not JSON', cause };
  }
}

/**
 * A count as a program printed it, as a number or as digits: a whole number from 0 to 2^53 - 1.
 * Null for everything else, which is unknown.
 */
export function countOf(value: unknown): number | null {
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  return Number.isSafeInteger(number) && (number as number) >= 0 ? (number as number) : null;
}

/** A foreign value for people: at most 80 characters. */
export function shownValue(value: unknown): string {
  const text = typeof value === 'bigint' ? String(value) : (JSON.stringify(value) ?? String(value));
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

/**
 * The line, from 1, on which a text stops being JSON. The engine rarely tells, so the longest
 * beginning that could still become JSON is searched.
 */
export function lineOfJsonError(text: string): number {
  let good = 0;
  let bad = text.length;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (couldGoOn(text.slice(0, middle))) good = middle;
    else bad = middle;
  }
  return text.slice(0, good).split('\n').length;
}

function couldGoOn(beginning: string): boolean {
  try {
    JSON.parse(beginning);
    return true;
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : '';
    const at = /at position (\d+)/.exec(message)?.[1];
    return message.includes('Unexpected end') || Number(at) === beginning.length;
  }
}

/** Deepest nesting of brackets outside strings. */
function nesting(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (inString) {
      if (code === BACKSLASH) index += 1;
      else if (code === QUOTE) inString = false;
    } else if (code === QUOTE) inString = true;
    else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      depth += 1;
      deepest = Math.max(deepest, depth);
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) depth -= 1;
  }
  return deepest;
}

const QUOTE = 34;
const OPEN_BRACKET = 91;
const BACKSLASH = 92;
const CLOSE_BRACKET = 93;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

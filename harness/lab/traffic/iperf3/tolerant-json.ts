/** Reads JSON that was cut off or is followed by other text. */

export interface TolerantJson {
  /** Undefined when nothing could be read. */
  value: unknown;
  /** What was wrong, as a sentence; null when nothing was. */
  flaw: string | null;
}

/** Reads the first JSON object of a text; of one cut off, all that is whole near its surface. */
export function readTolerantJson(text: string): TolerantJson {
  const start = text.indexOf('{');
  if (start < 0) return { value: undefined, flaw: 'The output holds no JSON.' };
  const { whole, end, closing } = scanObject(text, start);
  const value = end === null ? undefined : parse(text.slice(start, end) + closing);
  if (!whole) return { value, flaw: 'The JSON is cut off.' };
  if (value === undefined) return { value, flaw: 'The JSON is malformed.' };
  const around = text.slice(0, start) + text.slice(end ?? start);
  return { value, flaw: around.trim() === '' ? null : 'The JSON is surrounded by other text.' };
}

interface Scan {
  whole: boolean;
  /** Behind the object; of one cut off, behind its last whole member or member's element. */
  end: number | null;
  /** What closes the object there. */
  closing: string;
}

/** Elements of a member are kept or dropped whole: half an interval would be a wrong interval. */
const keptDepth = 2;

function scanObject(text: string, start: number): Scan {
  const open: string[] = [];
  let inString = false;
  const scan: Scan = { whole: false, end: null, closing: '' };
  for (let at = start; at < text.length; at += 1) {
    const character = text[at];
    if (inString) {
      if (character === '\\') at += 1;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{') open.push('}');
    else if (character === '[') open.push(']');
    else if (character === '}' || character === ']') {
      open.pop();
      if (open.length > keptDepth || open[1] === '}') continue;
      scan.end = at + 1;
      scan.closing = [...open].reverse().join('');
      if (open.length === 0) return { ...scan, whole: true };
    }
  }
  return scan;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Which files in `runs/` may be served, and as what. */
import { lstatSync, realpathSync } from 'node:fs';
import { join, sep } from 'node:path';
import { pages } from './list-runs.js';

/** The segments of a URL's path, decoded; null when one could leave its folder. */
export function safeSegments(path: string): string[] | null {
  const segments: string[] = [];
  for (const part of path.split('/').filter((each) => each !== '')) {
    let segment: string;
    try {
      segment = decodeURIComponent(part);
    } catch {
      return null;
    }
    if (segment === '.' || segment === '..' || /[/\\\0]/.test(segment)) return null;
    segments.push(segment);
  }
  return segments;
}

/** The path of what the segments name in `runsFolder`; null when it is missing or behind a link. */
export function pathWithin(runsFolder: string, segments: string[]): string | null {
  try {
    const root = realpathSync(runsFolder);
    const wanted = join(root, ...segments);
    const real = realpathSync(wanted);
    return real === wanted && real.startsWith(root + sep) ? real : null;
  } catch {
    return null;
  }
}

/** The same, for a regular file. */
export function fileWithin(runsFolder: string, segments: string[]): string | null {
  const path = pathWithin(runsFolder, segments);
  return path !== null && lstatSync(path).isFile() ? path : null;
}

const types: Record<string, string> = {
  json: 'application/json; charset=utf-8',
  ndjson: 'application/x-ndjson; charset=utf-8',
  log: 'text/plain; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
  xml: 'text/plain; charset=utf-8',
  md: 'text/plain; charset=utf-8',
  png: 'image/png',
};

/** Only a run's own reports are pages; whatever else lies there is shown as data. */
export function typeOf(segments: string[]): string {
  const name = segments.at(-1) ?? '';
  if (pages.includes(name) && segments.length === 3) return 'text/html; charset=utf-8';
  return types[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
}

/**
 * Places in the sources for places in dist/, whose files each hold many of them. A leaf that all may
 * import.
 */
import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A stack's text in which each place in a file that has a map beside it is that of its source. */
export function withSourcePlaces(stack: string): string {
  return stack.replaceAll(
    /((?:file:\/\/)?\/[^\s():]+\.js):(\d+):(\d+)/g,
    (place, file, line, column) => sourcePlace(file, Number(line), Number(column)) ?? place,
  );
}

function sourcePlace(file: string, line: number, column: number): string | null {
  try {
    const path = file.startsWith('file:') ? fileURLToPath(file) : file;
    const map = new SourceMap(JSON.parse(readFileSync(`${path}.map`, 'utf8')));
    const found = map.findEntry(line - 1, column - 1);
    if (!('originalSource' in found)) return null;
    const { originalSource, originalLine, originalColumn } = found;
    return `${resolve(dirname(path), originalSource)}:${originalLine + 1}:${originalColumn + 1}`;
  } catch {
    // No map, or none that can be read: the place as it is says more than an error about it.
    return null;
  }
}

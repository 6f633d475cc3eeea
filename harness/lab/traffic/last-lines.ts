/** What a program said last, for telling why it ended. */
import { readFileSync } from 'node:fs';

/** The last lines of a file that are not empty; none when it cannot be read. */
export function lastLinesOf(file: string, count: number): string[] {
  try {
    const lines = readFileSync(file, 'utf8').split('\n');
    return lines.filter((line) => line.trim() !== '').slice(-count);
  } catch {
    return [];
  }
}

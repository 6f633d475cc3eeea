/** The last output of a program, which shows why it ended. */
import { readRegularEnd } from '../../safe-files.js';

const bytesMax = 64 * 1024;

/** The last lines of a file that are not empty; none when it cannot be read. */
export function lastLinesOf(file: string, count: number): string[] {
  try {
    const lines = readRegularEnd(file, bytesMax).split('\n');
    return lines.filter((line) => line.trim() !== '').slice(-count);
  } catch {
    return [];
  }
}

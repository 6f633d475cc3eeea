/** A titled part of the terminal report. */
import type { Layout } from './layout.js';
import { clip } from './wrap.js';

/** Two spaces before everything in a section but charts and iperf3 rows. */
export const indentWidth = 2;

/** A blank line, the title in a rule across the screen, and the lines; nothing when there are none. */
export function section(title: string, lines: string[], layout: Layout): string[] {
  if (lines.length === 0) return [];
  const { columns, styles } = layout;
  const shown = clip(title, columns - 6);
  const rule = '─'.repeat(Math.max(0, columns - shown.length - 4));
  return ['', `${styles.dim('──')} ${styles.bold(shown)} ${styles.dim(rule)}`, ...lines];
}

export function indented(lines: string[]): string[] {
  return lines.map((line) => (line === '' ? '' : ' '.repeat(indentWidth) + line));
}

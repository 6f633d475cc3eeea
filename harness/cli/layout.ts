/** How wide and in which colours reports are drawn on a screen. */
import type { Layout } from '../../reports/terminal/layout.js';
import { stylesFor } from '../../reports/terminal/style.js';
import type { Screen } from './screen.js';

export function layoutOf({ columns, colour }: Screen): Layout {
  return { columns: Math.max(40, columns), styles: stylesFor(colour) };
}

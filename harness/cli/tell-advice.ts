/** The last words of a command that gave no answer: what to do now. */
import type { Screen } from './screen.js';

/** Nothing where there is no advice. */
export function tellAdvice(advice: readonly string[], screen: Screen): void {
  if (advice.length === 0) return;
  screen.err(`\nWhat to do now:\n${advice.map((line) => `  ${line}\n`).join('')}`);
}

/** Whether what was seen of a case is its right outcome. Pure. */
import type { ExpectedCase } from './expected.js';

export interface SeenCase {
  exit: number | null;
  output: string;
}

/** What differs, each as half a sentence; empty when all is as expected. */
export function judgeCase(expected: ExpectedCase, { exit, output }: SeenCase): string[] {
  const plain = output.replaceAll(/\s+/g, ' ');
  const shown = (words: RegExp) => words.test(plain) || words.test(output);
  return [
    ...(exit !== null && expected.exit.includes(exit)
      ? []
      : [`exit ${exit ?? 'by the time limit'}`]),
    ...expected.shows.filter((words) => !shown(words)).map((words) => `does not show ${words}`),
    ...(expected.hides ?? []).filter(shown).map((words) => `shows ${words}`),
  ];
}

/** The doctor's findings as text for people. */
import type { Conclusion } from './conclusion.js';
import type { Finding } from './finding.js';

const signs: Record<Finding['ok'], string> = { yes: 'ok  ', warning: 'note', no: 'NO  ' };

/** Breaks a text at blanks; a word that is longer than a line stays whole. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

function block(sign: string, id: string, text: string, columns: number): string[] {
  const margin = `${sign}  ${id.padEnd(12)} `;
  const indent = ' '.repeat(margin.length);
  return wrapped(text, columns - margin.length).map(
    (line, index) => `${index === 0 ? margin : indent}${line}`,
  );
}

/** One block a finding, its remedy below it; `columns` is the width of the terminal. */
export function renderDoctor(
  findings: readonly Finding[],
  columns: number,
  conclusion?: Conclusion,
): string {
  const lines = findings.flatMap(({ id, ok, sentence, remedy }) => [
    ...block(signs[ok], id, sentence, columns),
    ...(remedy === undefined ? [] : block('    ', '', `→ ${remedy}`, columns)),
  ]);
  if (conclusion !== undefined) lines.push('', ...wrapped(conclusion.sentence, columns));
  return `${lines.join('\n')}\n`;
}

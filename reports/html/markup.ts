/** Text to HTML: every value put into a template is escaped unless it is already `Html`. */
import { escapeXml } from '../escape.js';

/** A piece of markup that may be put into a page as it is. */
export class Html {
  constructor(readonly text: string) {}
}

export type Insert = Html | string | number | null | undefined | false | readonly Insert[];

function inserted(value: Insert): string {
  if (value === null || value === undefined || value === false) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'string' || typeof value === 'number') return escapeXml(String(value));
  return value.map(inserted).join('');
}

/** Template tag. Attributes must be quoted by the template. */
export function html(parts: TemplateStringsArray, ...values: Insert[]): Html {
  return new Html(
    parts.reduce(
      (text, part, index) => text + inserted(index === 0 ? null : values[index - 1]) + part,
      '',
    ),
  );
}

/** A name from a scenario: isolated from the writing direction of its surroundings. */
export function named(name: string): Html {
  return html`<bdi class="name">${name}</bdi>`;
}

/** At most `lengthMax` characters, with an ellipsis where some are missing. */
export function shortened(text: string, lengthMax: number): string {
  const characters = [...text];
  return characters.length <= lengthMax ? text : `${characters.slice(0, lengthMax - 1).join('')}…`;
}

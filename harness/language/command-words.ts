/** A command line as people type it, taken apart as a shell would, without a shell. Pure. */

/**
 * Words between blanks. Quotes, single or double, keep blanks and commas in a word, and a
 * backslash keeps the character after it (not within single quotes). Nothing is expanded.
 *
 * @returns null when a quote is not closed.
 */
export function splitWords(text: string): string[] | null {
  return split(text, /\s/, true);
}

/**
 * The list of controllers that `compare` was given: commas part them, except within quotes and
 * before a further option of the same controller (`a:x=1,y=2`). Quotes stay.
 *
 * @returns null when a quote is not closed.
 */
export function splitControllers(text: string): string[] | null {
  return (
    split(text, /,(?![A-Za-z]+=)/, false)
      ?.map((part) => part.trim())
      .filter(Boolean) ?? null
  );
}

/** Takes `text` apart where `separator` matches outside quotes; `unquotes` drops the quotes. */
function split(text: string, separator: RegExp, unquotes: boolean): string[] | null {
  const sticky = new RegExp(separator, 'y');
  const parts: string[] = [];
  let part = '';
  let began = false;
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? '';
    sticky.lastIndex = at;
    if (character === '\\' && quote !== "'" && at + 1 < text.length) {
      at++;
      part += (unquotes ? '' : character) + text[at];
      began = true;
    } else if (quote === '' ? /['"]/.test(character) : character === quote) {
      quote = quote === '' ? character : '';
      if (!unquotes) part += character;
      began = true;
    } else if (quote === '' && sticky.test(text)) {
      if (began) parts.push(part);
      part = '';
      began = false;
    } else {
      part += character;
      began = true;
    }
  }
  if (quote !== '') return null;
  if (began) parts.push(part);
  return parts;
}

/**
 * Widths of terminal text. All foreign text is escaped before it comes here, so every character
 * takes one column and the only escape sequences are our own styles.
 */

// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character starts a style.
const stylePattern = /\u001b\[\d+m/g;

// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character starts a style.
const styleBoundary = /(\u001b\[\d+m)/;

/** Columns that the text takes on the screen. */
export function visibleLength(text: string): number {
  return text.replace(stylePattern, '').length;
}

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - visibleLength(text)));
}

export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - visibleLength(text))) + text;
}

/** At most `width` columns; what is cut is marked by `…`. Styles stay closed. */
export function clip(text: string, width: number): string {
  if (visibleLength(text) <= width) return text;
  if (width <= 0) return '';
  let shown = 0;
  let clipped = '';
  for (const part of text.split(styleBoundary)) {
    if (part.startsWith('\u001b[')) clipped += part;
    else if (shown < width - 1) {
      const rest = part.slice(0, width - 1 - shown);
      clipped += rest;
      shown += rest.length;
      if (shown === width - 1) clipped += '…';
    }
  }
  return clipped;
}

/** A number and its unit stay on one line; the blank between them is hidden from the wrapping. */
const unitBlank =
  /(\d) (?=(?:s|ms|%|bit\/s|[kMGT]bit\/s|[kMGT]?B|packets?)(?![\w]))|(±) (?=\d)| (±)/g;

/** Unstyled text in lines of at most `width`; a word that is longer is broken. */
export function wrapText(text: string, width: number): string[] {
  const room = Math.max(8, width);
  const lines: string[] = [];
  let line = '';
  const held = text.replace(unitBlank, (blank) => blank.replace(' ', '\u00a0'));
  for (const word of held.split(' ').flatMap((long) => breakWord(long, room))) {
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return (line === '' ? lines : [...lines, line]).map((each) => each.replace(/\u00a0/g, ' '));
}

function breakWord(word: string, width: number): string[] {
  const parts: string[] = [];
  for (let from = 0; from < word.length; from += width) parts.push(word.slice(from, from + width));
  return parts;
}

/** `label` in a column of its own, the wrapped text beside it. */
export function labelled(
  label: string,
  text: string,
  options: { labelWidth: number; columns: number; style?: (text: string) => string },
): string[] {
  const indent = ' '.repeat(options.labelWidth);
  return wrapText(text, options.columns - options.labelWidth).map((line, index) => {
    const shown = options.style ? options.style(line) : line;
    return (
      (index === 0 ? padEnd(clip(label, options.labelWidth - 1), options.labelWidth) : indent) +
      shown
    );
  });
}

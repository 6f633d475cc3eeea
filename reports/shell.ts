/** A command as a person would type it. */
import { escapeText } from './escape.js';

/** Words joined by blanks, quoted for a POSIX shell where they need it. */
export function quoteCommand(words: string[]): string {
  return words
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replace(/'/g, `'\\''`)}'`))
    .map(escapeText)
    .join(' ');
}

/** An error as it is printed: what failed, then what to do about it. */
import type { LabError } from '../errors.js';
import { printable } from '../model/units.js';

/** Longer lines come from a file, such as a line of code or what it threw, and are cut. */
const charactersMax = 1000;

/** Message and hint, each line safe for a terminal: it may quote a foreign file. */
export function errorText({ message, hint }: LabError): string {
  const lines = [...message.split('\n'), ...(hint ? hint.split('\n') : [])];
  return lines.map((line) => `${printable(line, charactersMax)}\n`).join('');
}

/** YAML with the lines of its values. */
import { LineCounter, parseDocument } from 'yaml';
import type * as z from 'zod';
import { messageOf } from '../../errors.js';
import { printable, shown } from '../../model/units.js';
import { joinPath } from '../problems.js';
import { refused, type SourceFile } from './imported.js';

export class YamlFile<Shape> {
  readonly value: Shape;
  readonly #file: SourceFile;
  readonly #lines = new LineCounter();
  readonly #document;

  /** Throws IMPORT_REFUSED where the text is no YAML, or does not have the shape. */
  constructor(file: SourceFile, shape: z.ZodType<Shape>) {
    this.#file = file;
    const options = { lineCounter: this.#lines, merge: true, prettyErrors: false };
    this.#document = parseDocument(file.text, options);
    const [wrong] = this.#document.errors;
    if (wrong) {
      const { line } = this.#lines.linePos(wrong.pos[0]);
      const message = `the YAML cannot be read: ${printable(wrong.message, 120)}`;
      throw refused(file, line, message, 'correct the line, or the indentation above it');
    }
    const plain = this.#plain();
    const read = shape.safeParse(plain);
    if (read.success) {
      this.value = read.data;
      return;
    }
    const [issue] = read.error.issues;
    const path = issue?.path ?? [];
    const found = valueAt(plain, path);
    const got = found === undefined || found === null ? '' : `, got ${shown(found)}`;
    throw this.refusal(path, `${joinPath('', path) || 'the file'} ${issue?.message}${got}`);
  }

  #plain(): unknown {
    try {
      return this.#document.toJS({ maxAliasCount: 100 });
    } catch (thrown) {
      throw refused(this.#file, null, `the YAML cannot be read: ${messageOf(thrown)}`);
    }
  }

  /** What is wrong at a path, with its line. */
  refusal(path: readonly PropertyKey[], message: string, hint?: string) {
    return refused(this.#file, this.lineOf(path), message, hint);
  }

  /** The line of a value, or of the nearest one around it. */
  lineOf(path: readonly PropertyKey[]): number | null {
    for (let length = path.length; length > 0; length -= 1) {
      const node = this.#document.getIn(path.slice(0, length), true) as {
        range?: readonly number[] | null;
      } | null;
      const start = node?.range?.[0];
      if (start !== undefined) return this.#lines.linePos(start).line;
    }
    return null;
  }
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((inner, key) => {
    return typeof inner === 'object' && inner !== null && Object.hasOwn(inner, key)
      ? (inner as Record<PropertyKey, unknown>)[key]
      : undefined;
  }, value);
}

/** What a file of another program comes to, before it is written as a scenario. */
import { LabError } from '../../errors.js';
import type { ImportNote } from '../../model/import-note.js';
import type { NodeKind } from '../../model/node-traits.js';
import { printable } from '../../model/units.js';
import type { Expression } from './source.js';

export interface ImportedNode {
  name: string;
  becomes: NodeKind;
  /** What the file calls it, where that is not its name. */
  label?: string;
  /** As it stands in the scenario. */
  written: Expression;
}

export interface ImportedLink {
  a: string;
  b: string;
  written: Expression;
  /** One-way; left out: none is applied. */
  delayMs?: number;
}

export interface ImportedNetwork {
  /** `GraphML map`, as people call it. */
  format: string;
  /** Of the network, as the file states it. */
  title: string;
  nodes: ImportedNode[];
  links: ImportedLink[];
  /** Parts of the topology that are neither. */
  others?: Expression[];
  controller?: Expression;
  /** What the nodes decide their ways by, for people: `OSPF with BFD (FRR)`. */
  decides?: string;
  /** Bound on an outage that the imported protocols keep; left out: the file states none. */
  outageAtMost?: `${number}s`;
  /** Options of the flow, such as the size of segments. */
  flow?: { readonly [key: string]: Expression };
  /** Left out: `'60s'`. */
  readyWithin?: `${number}s`;
  /** Left out: `'60s'`. */
  recoverWithin?: `${number}s`;
  /** What was not taken, or not as it stands. */
  notes: ImportNote[];
}

/** A file that is to be imported. */
export interface SourceFile {
  /** As people gave it. */
  path: string;
  text: string;
}

/** What nodes of a map become. */
export type MapNodes = 'routers' | 'switches' | 'relays';

export interface ImportOptions {
  /** Of a map; left out: routers. */
  as?: MapNodes;
  /** Of a map: whether its links delay packets. Left out: true. */
  delays?: boolean;
}

/** How files of one format are read; a format is a file of this folder. */
export interface ImportFormat {
  /** As in `GraphML map`. */
  name: string;
  /** How its files end, in small letters. */
  endings: readonly string[];
  /** Nodes may become something else (`--as`), and links have delays (`--no-delays`). */
  isMap: boolean;
  /** Throws LabError IMPORT_REFUSED, which names the line. */
  read(file: SourceFile, options: ImportOptions): Promise<ImportedNetwork> | ImportedNetwork;
}

/** Nodes and links that an import may have: what a scenario has room for. */
export const nodesMax = 1000;
export const linksMax = 18_000;

/** What is wrong with a file, where, and what to do. @param line 1-based. */
export function refused(
  { path, text }: SourceFile,
  line: number | null,
  message: string,
  hint?: string,
): LabError {
  const place = line === null ? path : `${path}:${line}`;
  const shown = line === null ? '' : (text.split('\n')[line - 1]?.trimEnd() ?? '');
  const code = shown === '' ? '' : `\n  ${line} | ${printable(shown, 100)}`;
  return new LabError('IMPORT_REFUSED', `${place}: ${message}${code}`, {
    ...(hint === undefined ? {} : { hint }),
    details: { file: path, ...(line === null ? {} : { line }) },
  });
}

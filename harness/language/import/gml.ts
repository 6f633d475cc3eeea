/** GML (Graph Modelling Language): keys with a number, a text, or a list of keys in brackets. */
import { printable, quoted } from '../../model/units.js';
import { type ImportFormat, refused, type SourceFile } from './imported.js';
import { checkMap, type MapEdge, type MapFile, type MapNode } from './map-file.js';
import { networkOfMap } from './map-network.js';

export const gml: ImportFormat = {
  name: 'GML map',
  endings: ['.gml'],
  isMap: true,
  read(file, options) {
    const map = readGml(file);
    checkMap(map, file);
    return networkOfMap(map, file, gml.name, options);
  },
};

interface Entry {
  key: string;
  line: number;
  value: string | Entry[];
}

/** Lists in lists: `graph [ node [ graphics [ … ] ] ]` has three. */
const depthMax = 32;

function readGml(file: SourceFile): MapFile {
  const graphs = entriesOf(file).filter(({ key }) => key.toLowerCase() === 'graph');
  const [graph] = graphs;
  if (graph === undefined || typeof graph.value === 'string') {
    const message = 'there is no graph [ … ] in the file';
    throw refused(
      file,
      null,
      message,
      'a GML map is graph [ node [ id 0 ] … edge [ source 0 target 1 ] … ]',
    );
  }
  const entries = graph.value;
  const nodes: MapNode[] = [];
  const edges: MapEdge[] = [];
  const strangers: string[] = graphs.slice(1).map(() => 'graph');
  for (const { key, line, value } of entries) {
    if (typeof value === 'string') continue;
    const fields = fieldsOf(value);
    const need = (name: string) => {
      const stated = fields.get(name);
      if (stated !== undefined) return stated;
      throw refused(
        file,
        line,
        `this ${key} has no ${name}`,
        `add ${name} with the number of a node`,
      );
    };
    if (key === 'node') nodes.push({ line, id: need('id'), fields: without(fields, 'id') });
    else if (key === 'edge') {
      const [source, target] = [need('source'), need('target')];
      edges.push({ line, source, target, fields: without(fields, 'source', 'target') });
    } else if (value.length > 0) strangers.push(key);
  }
  const own = fieldsOf(entries);
  const title = own.get('Network') ?? own.get('label') ?? own.get('name');
  return { title, directed: own.get('directed') === '1', nodes, edges, strangers };
}

/** Those with a value; the first of two equal names counts. */
function fieldsOf(entries: readonly Entry[]): Map<string, string> {
  const fields = new Map<string, string>();
  for (const { key, value } of entries) {
    if (typeof value === 'string' && !fields.has(key)) fields.set(key, value);
    // Where the node is on a drawing.
    else if (typeof value !== 'string') fields.set(key, '');
  }
  return fields;
}

function without(fields: ReadonlyMap<string, string>, ...names: string[]): Map<string, string> {
  return new Map([...fields].filter(([key]) => !names.includes(key)));
}

/** All entries of the file. Throws where its brackets or quotation marks do not match. */
function entriesOf(file: SourceFile): Entry[] {
  const token = /"([^"]*)"|([[\]])|#[^\n]*|([^\s[\]"#]+)/g;
  const root: Entry[] = [];
  const open: Array<{ list: Entry[]; line: number }> = [{ list: root, line: 1 }];
  let key: { text: string; line: number } | null = null;
  let line = 1;
  let end = 0;
  for (const match of file.text.matchAll(token)) {
    refuseOpenText(file, end, match.index, line);
    line += newlines(file.text, end, match.index);
    end = match.index + match[0].length;
    const [whole, text, bracket, word] = match;
    const at = line;
    line += newlines(file.text, match.index, end);
    if (whole.startsWith('#')) continue;
    const list = open.at(-1)?.list ?? root;
    if (bracket === ']') {
      if (key !== null) throw noValue(file, key);
      if (open.length === 1) throw refused(file, at, 'this ] closes nothing', 'remove it');
      open.pop();
    } else if (key === null) {
      if (word === undefined || !/^[A-Za-z_]/.test(word)) throw noKey(file, at, whole);
      key = { text: word, line: at };
    } else {
      const value: string | Entry[] = bracket === '[' ? [] : unescaped(text ?? word ?? '');
      list.push({ key: key.text, line: key.line, value });
      if (typeof value !== 'string') open.push({ list: value, line: key.line });
      if (open.length > depthMax)
        throw refused(file, at, `brackets are nested deeper than ${depthMax}`);
      key = null;
    }
  }
  refuseOpenText(file, end, file.text.length, line);
  if (key !== null) throw noValue(file, key);
  const left = open.at(-1);
  if (open.length > 1 && left) throw refused(file, left.line, 'this [ is not closed', 'add ]');
  return root;
}

/** A quotation mark that begins no whole text. @param line Of `from`. */
function refuseOpenText(file: SourceFile, from: number, to: number, line: number): void {
  const mark = file.text.slice(from, to).indexOf('"');
  if (mark < 0) return;
  const at = line + newlines(file.text, from, from + mark);
  throw refused(file, at, 'a text begins here that has no closing quotation mark', 'add "');
}

function newlines(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1))
    count += 1;
  return count;
}

const noValue = (file: SourceFile, { text, line }: { text: string; line: number }) =>
  refused(
    file,
    line,
    `${quoted(text)} has no value`,
    'a key is followed by a number, a "text" or [',
  );

const noKey = (file: SourceFile, line: number, found: string) =>
  refused(
    file,
    line,
    `a key is expected here, such as node or label, got ${printable(found, 30)}`,
    'put a text in quotation marks behind its key',
  );

/** GML writes what ASCII lacks as XML does. */
function unescaped(text: string): string {
  const named: Readonly<Record<string, string>> = {
    amp: '&',
    quot: '"',
    lt: '<',
    gt: '>',
    apos: "'",
  };
  return text.replaceAll(/&(?:#(\d{1,7})|(\w+));/g, (whole, code?: string, name?: string) => {
    if (code === undefined) return named[name ?? ''] ?? whole;
    return Number(code) <= 0x10ffff ? String.fromCodePoint(Number(code)) : whole;
  });
}

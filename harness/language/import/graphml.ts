/** GraphML: XML with nodes and edges, whose `data` have the fields that `key` elements declare. */
import sax from 'sax';
import { printable, quoted } from '../../model/units.js';
import { type ImportFormat, refused, type SourceFile } from './imported.js';
import { checkMap, type MapEdge, type MapFile, type MapNode } from './map-file.js';
import { networkOfMap } from './map-network.js';

export const graphml: ImportFormat = {
  name: 'GraphML map',
  endings: ['.graphml'],
  isMap: true,
  read(file, options) {
    const map = new GraphmlReader(file).read();
    checkMap(map, file);
    return networkOfMap(map, file, graphml.name, options);
  },
};

/** Elements that are read, or that hold only such. */
const understood = ['graphml', 'graph', 'key', 'node', 'edge', 'data', 'default', 'desc'];

type Holder = { line: number; fields: Map<string, string> };

class GraphmlReader {
  readonly #file: SourceFile;
  // Entities of a document type are not expanded: sax knows the five of XML alone.
  readonly #parser = sax.parser(true, { trim: false, position: true });
  readonly #names = new Map<string, string>();
  readonly #map: MapFile = {
    title: undefined,
    directed: false,
    nodes: [],
    edges: [],
    strangers: [],
  };
  readonly #graph: Holder = { line: 1, fields: new Map() };
  /** Graph, node and edge that are open. */
  readonly #open: Holder[] = [];
  #field: string | null = null;
  #text = '';
  #elements = 0;

  constructor(file: SourceFile) {
    this.#file = file;
    this.#parser.onerror = (error) => {
      const [reason = ''] = error.message.split('\n');
      const message = `the XML is not well-formed: ${printable(reason, 100)}`;
      throw refused(
        file,
        this.#line(),
        message,
        'check that the file is whole, or export it again',
      );
    };
    this.#parser.onopentag = ({ name, attributes }) =>
      this.#begin(name, attributes as Record<string, string>);
    this.#parser.ontext = (text) => {
      this.#text += text;
    };
    this.#parser.oncdata = this.#parser.ontext;
    this.#parser.onclosetag = (name) => this.#end(name);
  }

  read(): MapFile {
    this.#parser.write(this.#file.text.replace(/^\ufeff/, '')).close();
    if (this.#elements === 0) {
      throw refused(
        this.#file,
        null,
        'there is no XML element in the file',
        'check that the file is whole',
      );
    }
    const { fields } = this.#graph;
    this.#map.title = fields.get('Network') ?? fields.get('label') ?? fields.get('name');
    return this.#map;
  }

  #line(): number {
    return this.#parser.line + 1;
  }

  #begin(name: string, attributes: Record<string, string>): void {
    const line = this.#line();
    const need = (key: string) => {
      const value = attributes[key];
      if (value !== undefined && value !== '') return value;
      throw refused(this.#file, line, `<${printable(name)}> has no ${key}`, `add ${key}="…"`);
    };
    this.#elements += 1;
    if (this.#elements === 1 && name !== 'graphml') {
      const message = `the file begins with <${printable(name)}>, and a GraphML map with <graphml>`;
      throw refused(this.#file, line, message, 'export the map as GraphML');
    }
    if (name === 'key') this.#names.set(need('id'), attributes['attr.name'] ?? need('id'));
    else if (name === 'graph') {
      this.#map.directed ||= attributes.edgedefault === 'directed';
      this.#open.push(this.#graph);
    } else if (name === 'node') {
      this.#open.push(this.#added(this.#map.nodes, { line, id: need('id'), fields: new Map() }));
    } else if (name === 'edge') {
      const [source, target] = [need('source'), need('target')];
      this.#open.push(this.#added(this.#map.edges, { line, source, target, fields: new Map() }));
    } else if (name === 'data') {
      this.#field = this.#declared(need('key'), line);
      this.#text = '';
    } else if (name.endsWith(':NodeLabel')) {
      // yEd draws a node inside a field of its own, with its label in it.
      this.#field = 'label';
      this.#text = '';
    } else if (!understood.includes(name) && !name.includes(':')) {
      if (!this.#map.strangers.includes(name)) this.#map.strangers.push(name);
    }
  }

  #added<Element extends MapNode | MapEdge>(list: Element[], element: Element): Holder {
    list.push(element);
    return element as unknown as Holder;
  }

  #declared(key: string, line: number): string {
    const name = this.#names.get(key);
    if (name !== undefined) return name;
    const message = `the field ${quoted(key)} is not declared (${this.#names.size} are)`;
    throw refused(
      this.#file,
      line,
      message,
      `add <key id="${printable(key)}" for="node" attr.name="…"/>`,
    );
  }

  #end(name: string): void {
    if (name === 'graph' || name === 'node' || name === 'edge') this.#open.pop();
    if (name !== 'data' && !name.endsWith(':NodeLabel')) return;
    const holder = this.#open.at(-1);
    const text = this.#text.trim();
    if (holder && this.#field !== null && !holder.fields.has(this.#field)) {
      holder.fields.set(this.#field, text);
    }
    this.#field = null;
    this.#text = '';
  }
}

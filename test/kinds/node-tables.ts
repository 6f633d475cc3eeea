/** The tables that are written from the files of the kinds of nodes. */
import type { NodeDescriptor } from '../../harness/kinds/node-kind.js';
import {
  exported,
  filesIn,
  header,
  importsOf,
  list,
  loaded,
  readIn,
  sorted,
  variable,
  withTable,
} from './files.js';

/** Where the kinds' own files are: what all rooms know, what they are, how they are asked and built. */
export const nodeFactsFolder = 'harness/model/nodes';
export const nodeDescriptorFolder = 'harness/kinds/nodes';
export const nodeDefinitionFolder = 'harness/lab/nodes';
export const nodeBridgeFolder = 'harness/lab/mininet/bridge/nodes';

/** Every descriptor of a node that has a file, in the order in which kinds are listed. */
export async function nodeDescriptors(): Promise<NodeDescriptor[]> {
  const found = await loaded<NodeDescriptor>(nodeDescriptorFolder, filesIn(nodeDescriptorFolder));
  return found.sort((a, b) => a.order - b.order || (a.kind < b.kind ? -1 : 1));
}

const top = header(nodeDescriptorFolder);

/** What each generated file must hold, by its path in the package. */
export function nodeFiles(kinds: readonly NodeDescriptor[]): Record<string, string> {
  return {
    'harness/model/generated/node-facts.ts': factsFile(kinds),
    'harness/kinds/generated/node-names.ts': namesFile(kinds),
    'harness/kinds/generated/node-descriptors.ts': descriptorsFile(kinds),
    'harness/kinds/generated/node-door.ts': doorFile(kinds),
    'harness/lab/nodes/kinds.ts': definitionsFile(kinds),
    'docs/scenarios.md': withNodeTable(readIn('docs/scenarios.md'), kinds),
  };
}

const named = (what: string) => (kind: string) => `${variable(kind)}${what}`;

function factsFile(kinds: readonly NodeDescriptor[]): string {
  const name = named('Facts');
  return [
    top('What every room must know of each kind of node.'),
    ...importsOf(kinds, '../nodes', name),
    '\n',
    list(
      'factsOfNodes',
      kinds.map(({ kind }) => name(kind)),
    ),
    '\n',
    list(
      'resolvedNodes',
      kinds.map(({ kind }) => `${name(kind)}.resolved`),
    ),
  ].join('');
}

function namesFile(kinds: readonly NodeDescriptor[]): string {
  const rows = (value: (kind: NodeDescriptor) => string) =>
    kinds.map((kind) => `  ${exported(kind.kind)}: ${value(kind)},\n`).join('');
  return [
    top(
      'Words and pictures of the kinds of nodes, for pages that are not to load the descriptors.',
    ),
    "import type { NodeKind } from '../../model/node-traits.js';\n",
    "import type { NodePicture } from '../node-kind.js';\n",
    '\n/** What people call one of them, and several; in the order in which kinds are listed. */\n',
    'export const nodeNouns: Readonly<Record<NodeKind, readonly [string, string]>> = {\n',
    rows(({ noun: [one, many] }) => `['${one}', '${many}']`),
    '};\n',
    '\n/** How each is drawn. */\n',
    'export const nodePictures: Readonly<Record<NodeKind, NodePicture>> = {\n',
    rows(({ picture }) => pictureText(picture)),
    '};\n',
  ].join('');
}

function pictureText(picture: NodeDescriptor['picture']): string {
  const fields = Object.entries(picture).map(
    ([key, value]) => `${key}: ${typeof value === 'string' ? `'${value}'` : value}`,
  );
  return `{ ${fields.join(', ')} }`;
}

function descriptorsFile(kinds: readonly NodeDescriptor[]): string {
  const name = named('Node');
  return [
    top('Every kind of node, in the order in which kinds are listed.'),
    ...importsOf(kinds, '../nodes', name),
    '\n',
    list(
      'nodeDescriptors',
      kinds.map(({ kind }) => name(kind)),
    ),
    '\n/** Shapes of what can be written of each. */\n',
    list(
      'nodeSchemas',
      kinds.map(({ kind }) => `${name(kind)}.schema`),
    ),
  ].join('');
}

function doorFile(kinds: readonly NodeDescriptor[]): string {
  return [
    top('What scenario files can write of each kind of node.'),
    ...sorted(kinds).map(({ kind }) => `export * from '../nodes/${kind}.js';\n`),
  ].join('');
}

function definitionsFile(kinds: readonly NodeDescriptor[]): string {
  const name = named('Node');
  const imports = [
    ...importsOf(kinds, '.', name),
    "import type { NodeDefinition } from './node.js';\n",
  ].sort((a, b) => (a.slice(a.indexOf("'")) < b.slice(b.indexOf("'")) ? -1 : 1));
  return [
    top('How each kind of node is asked.'),
    "import type { NodeKind } from '../../model/node-traits.js';\n",
    ...imports,
    '\nexport const nodeDefinitions: Readonly<Record<NodeKind, NodeDefinition>> = {\n',
    ...kinds.map(({ kind }) => `  ${exported(kind)}: ${name(kind)},\n`),
    '};\n',
  ].join('');
}

function withNodeTable(text: string, kinds: readonly NodeDescriptor[]): string {
  const rows = kinds.map(({ documented: { example, is } }) => `| \`${example}\` | ${is} |\n`);
  return withTable(
    text,
    'nodes',
    nodeDescriptorFolder,
    `| node | what it is |\n|---|---|\n${rows.join('')}`,
  );
}

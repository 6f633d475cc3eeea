/**
 * The tables that are written from the fault kinds' own files: lists of imports, which TypeScript
 * needs spelt out, names as types, and the table of faults in docs/faults.md.
 */
import { type FaultDescriptor, isNodeTrait } from '../../harness/kinds/fault-kind.js';
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

/** Where the kinds' own files are: what they are, and how they are done. */
export const descriptorFolder = 'harness/kinds/faults';
export const definitionFolder = 'harness/lab/faults';

/** Every descriptor that has a file, in the order in which kinds are listed. */
export async function descriptors(): Promise<FaultDescriptor[]> {
  const found = await loaded<FaultDescriptor>(descriptorFolder, filesIn(descriptorFolder));
  return found.sort((a, b) => a.order - b.order || (a.kind < b.kind ? -1 : 1));
}

const top = header(descriptorFolder);

/** What each generated file must hold, by its path in the package. */
export function generatedFiles(
  kinds: readonly FaultDescriptor[],
  nodes: readonly NodeDescriptor[],
): Record<string, string> {
  return {
    'harness/kinds/generated/fault-names.ts': namesFile(kinds),
    'harness/kinds/generated/fault-descriptors.ts': descriptorsFile(kinds),
    'harness/kinds/generated/fault-door.ts': doorFile(kinds),
    'harness/lab/faults/kinds.ts': definitionsFile(kinds),
    'docs/faults.md': withFaultTable(readIn('docs/faults.md'), kinds, nodes),
  };
}

function namesFile(kinds: readonly FaultDescriptor[]): string {
  const names = (doc: string, name: string, holds: (kind: FaultDescriptor) => boolean) =>
    `\n/** ${doc} */\n${list(
      name,
      kinds.filter(holds).map(({ kind }) => `'${kind}'`),
    )}`;
  const [first] = kinds.filter(({ repeatable }) => repeatable === 'by default');
  return [
    top('Names of fault kinds, for types and for pages that are not to load the descriptors.'),
    names('Every kind.', 'faultKinds', () => true),
    names('After these, the node that was hit forwards nothing.', 'killingKinds', (k) => !!k.kills),
    names('After these, what was hit does nothing any more.', 'stoppingKinds', (k) => !!k.stops),
    names('These hit a controller.', 'controllerKinds', (k) => k.hits === 'controller'),
    names('A flap can repeat these.', 'repeatableKinds', (k) => k.repeatable !== undefined),
    `\n/** What a flap repeats when the scenario leaves it out. */\nexport const repeatedByDefault = '${first?.kind}';\n`,
  ].join('');
}

function descriptorsFile(kinds: readonly FaultDescriptor[]): string {
  return [
    top('Every fault kind, in the order in which kinds are listed.'),
    ...importsOf(kinds, '../faults'),
    '\n',
    list(
      'faultDescriptors',
      kinds.map(({ kind }) => variable(kind)),
    ),
  ].join('');
}

function doorFile(kinds: readonly FaultDescriptor[]): string {
  return [
    top('What scenario files can write of each kind.'),
    ...sorted(kinds).map(({ kind }) => `export * from '../faults/${kind}.js';\n`),
  ].join('');
}

function definitionsFile(kinds: readonly FaultDescriptor[]): string {
  const imports = [
    "import type { FaultKind } from '../../model/resolved.js';\n",
    ...[...importsOf(kinds, '.'), "import type { FaultDefinition } from './fault.js';\n"].sort(
      (a, b) => (pathOf(a) < pathOf(b) ? -1 : 1),
    ),
  ];
  return [
    top('How each fault kind is done.'),
    ...imports,
    '\nexport const faultDefinitions: Readonly<Record<FaultKind, FaultDefinition>> = {\n',
    ...kinds.map(({ kind }) => {
      const key = exported(kind);
      return key === variable(kind) ? `  ${key},\n` : `  ${key}: ${variable(kind)},\n`;
    }),
    '};\n',
  ].join('');
}

const pathOf = (line: string) => line.slice(line.indexOf("'"));

const hitWords = { link: 'link, tunnel', nodes: 'nodes', controller: 'controller' } as const;

function hitCell(hits: FaultDescriptor['hits'], nodes: readonly NodeDescriptor[]): string {
  if (!isNodeTrait(hits)) return hitWords[hits];
  const hit = nodes.filter(({ traits }) => traits.includes(hits));
  return hit.map(({ noun }) => noun[0]).join(', ');
}

function withFaultTable(
  text: string,
  kinds: readonly FaultDescriptor[],
  nodes: readonly NodeDescriptor[],
): string {
  const rows = kinds.map(({ kind, hits, documented }) => {
    const { example, does, hits: words = hitCell(hits, nodes) } = documented;
    return `| \`${kind}\` | \`${example}\` | ${does} | ${words} |\n`;
  });
  const head = '| kind | written as | what really happens | hits |\n|---|---|---|---|\n';
  return withTable(text, 'faults', descriptorFolder, `${head}${rows.join('')}`);
}

/** Every table of kinds of nodes is derived from the kinds' own files, and nothing else asks for a kind. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import * as door from '../../harness/index.js';
import { nodeDescriptors } from '../../harness/kinds/generated/node-descriptors.js';
import type { NodeDescriptor } from '../../harness/kinds/node-kind.js';
import { nodeKindOf, wordsWith } from '../../harness/kinds/node-tables.js';
import { nodeDefinitions } from '../../harness/lab/nodes/kinds.js';
import { factsOfNodes } from '../../harness/model/generated/node-facts.js';
import type { NodeTrait } from '../../harness/model/node-facts.js';
import { has, kindHas, nodeKinds } from '../../harness/model/node-traits.js';
import { packageRoot } from '../../harness/package-root.js';
import { filesIn, loaded, readIn } from '../kinds/files.js';
import {
  nodeDescriptors as descriptorsOfFiles,
  nodeBridgeFolder,
  nodeDefinitionFolder,
  nodeDescriptorFolder,
  nodeFactsFolder,
  nodeFiles,
} from '../kinds/node-tables.js';

const all: readonly NodeDescriptor[] = nodeDescriptors;
const own = filesIn(nodeDescriptorFolder);

test('the generated tables are those of the kinds that have a file', async () => {
  for (const [path, text] of Object.entries(nodeFiles(await descriptorsOfFiles()))) {
    expect(readIn(path), `${path}: run npm run kinds`).toBe(text);
  }
});

test('a kind is named as its files: facts, descriptor, definition, and its part of the bridge', async () => {
  expect(all.map(({ kind }) => kind).sort()).toEqual(own);
  expect([...nodeKinds].sort()).toEqual(own);
  expect(filesIn(nodeFactsFolder)).toEqual(own);
  const files = filesIn(nodeDefinitionFolder);
  const definitions = await loaded<{ outputs?: unknown } | undefined>(nodeDefinitionFolder, files);
  const defining = files.filter((_, index) => typeof definitions[index]?.outputs === 'function');
  expect(defining).toEqual(own);
  for (const kind of nodeKinds) {
    expect(nodeDefinitions[kind], kind).toBe(definitions[files.indexOf(kind)]);
  }
  const modules = filesIn(nodeBridgeFolder, '.py').filter((name) => name !== '__init__');
  expect(modules.map((name) => name.replaceAll('_', '-'))).toEqual(own);
  for (const name of modules) {
    expect(readIn(`${nodeBridgeFolder}/${name}.py`)).toContain('\nclass Kind(NodeKind):\n');
  }
});

test('traffic either ends at a node or passes it', () => {
  for (const { kind } of factsOfNodes) {
    expect([kindHas(kind, 'end-point'), kindHas(kind, 'forwards')].sort(), kind).toEqual([
      false,
      true,
    ]);
  }
});

test('a trait without kinds has none, and an unknown kind has no trait', () => {
  expect(wordsWith('end-point')).toContain('host');
  expect(kindHas('mainframe', 'forwards')).toBe(false);
  expect(has({ kind: 'relay' }, 'loses-power')).toBe(true);
  expect(has({ kind: 'switch' }, 'loses-power')).toBe(false);
  const unknown = () => nodeKindOf('mainframe' as 'host');
  expect(unknown).toThrow(/No descriptor of the node kind mainframe/);
});

for (const { kind, write, schema, documented, noun } of all) {
  test(`${kind}: its examples are nodes that can be written and read`, () => {
    const names = Object.keys(door);
    const examples = documented.example.split('`, `');
    expect(examples[0]?.startsWith(`${write.name}(`)).toBe(true);
    for (const example of examples) {
      const written = new Function(...names, `return ${example}`)(...Object.values(door));
      for (const part of [written].flat()) {
        expect(part, example).toMatchObject({ kind });
        expect(schema.safeParse(part).error?.issues ?? [], example).toEqual([]);
      }
    }
    expect(`${documented.is}${noun.join('')}`).not.toMatch(/[|\n]/);
  });
}

test('what has Open vSwitch of its own has Open vSwitch, and who calls by an interface calls', () => {
  const follows: ReadonlyArray<[NodeTrait, NodeTrait]> = [
    ['own-open-vswitch', 'open-vswitch'],
    ['control-interface', 'calls-controller'],
    ['loses-power', 'forwards'],
  ];
  for (const kind of nodeKinds) {
    for (const [one, other] of follows) {
      if (kindHas(kind, one)) expect(kindHas(kind, other), `${kind}: ${one}, ${other}`).toBe(true);
    }
  }
});

test('nothing but the files of the kinds asks for a kind of node', () => {
  const kinds = nodeKinds.join('|');
  const asks = new RegExp(`kind\\b[\\]"')?]*\\s*(===?|!==?)\\s*['"](${kinds})['"]`);
  const files = ['harness', 'reports'].flatMap((folder) =>
    readdirSync(join(packageRoot(), folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.(ts|py)$/.test(path) && !/(^|\/)nodes\//.test(path))
      .map((path) => `${folder}/${path}`),
  );
  const found = files.filter((path) =>
    readFileSync(join(packageRoot(), path), 'utf8')
      .split('\n')
      .some((line) => asks.test(line)),
  );
  expect(found).toEqual([]);
  expect(asks.test("if (node.kind === 'host')")).toBe(true);
  expect(asks.test('if node["kind"] != "relay"')).toBe(true);
});

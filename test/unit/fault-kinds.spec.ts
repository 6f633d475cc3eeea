/** Every table of fault kinds is derived from the kinds' own files, and is complete. */
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import * as door from '../../harness/index.js';
import { type FaultDescriptor, isNodeTrait } from '../../harness/kinds/fault-kind.js';
import { faultOf } from '../../harness/kinds/fault-tables.js';
import { faultDescriptors } from '../../harness/kinds/generated/fault-descriptors.js';
import { faultKinds } from '../../harness/kinds/generated/fault-names.js';
import { faultDefinitions } from '../../harness/lab/faults/kinds.js';
import { packageRoot } from '../../harness/package-root.js';
import {
  definitionFolder,
  descriptorFolder,
  descriptors,
  generatedFiles,
} from '../kinds/fault-tables.js';
import { filesIn, readIn } from '../kinds/files.js';
import { nodeDescriptors } from '../kinds/node-tables.js';

const all: readonly FaultDescriptor[] = faultDescriptors;

test('the generated tables are those of the kinds that have a file', async () => {
  const files = generatedFiles(await descriptors(), await nodeDescriptors());
  for (const [path, text] of Object.entries(files)) {
    expect(readIn(path), `${path}: run npm run kinds`).toBe(text);
  }
});

test('a kind is named as its file, and stands in the list of names', () => {
  expect(all.map(({ kind }) => kind).sort()).toEqual(filesIn(descriptorFolder));
  expect([...faultKinds]).toEqual(all.map(({ kind }) => kind));
});

test('each descriptor has its definition, and each definition its descriptor', async () => {
  const files = await Promise.all(
    filesIn(definitionFolder).map(async (name) => {
      const path = join(packageRoot(), definitionFolder, `${name}.ts`);
      return { name, file: (await import(path)) as { default?: { prepare?: unknown } } };
    }),
  );
  const defining = files.filter(({ file }) => typeof file.default?.prepare === 'function');
  expect(defining.map(({ name }) => name)).toEqual(filesIn(descriptorFolder));
  for (const { name, file } of defining) {
    expect(faultDefinitions[name as keyof typeof faultDefinitions], name).toBe(file.default);
  }
});

test('exactly one kind is what a flap repeats by default, and no kind repeats a flap', () => {
  const byDefault = all.filter(({ repeatable }) => repeatable === 'by default');
  expect(byDefault).toHaveLength(1);
  expect(faultOf('flap').repeatable).toBeUndefined();
});

for (const { kind, write, schema, documented, hits, meantForLinks } of all) {
  test(`${kind}: its example is a fault that can be written and read`, () => {
    const names = Object.keys(door);
    const example = new Function(...names, `return ${documented.example}`);
    const written: unknown = example(...Object.values(door));
    expect(written).toMatchObject({ kind });
    expect(documented.example.startsWith(`${write.name}(`)).toBe(true);
    const read = schema.safeParse(written);
    expect(read.error?.issues ?? []).toEqual([]);
    expect(faultOf(kind).parameters(read.data as object)).toEqual(expect.any(Object));
  });

  test(`${kind}: the words about it are one cell of a table, and its hints fit what it hits`, () => {
    expect(`${documented.does}${documented.hits ?? ''}`).not.toMatch(/[|\n]/);
    if (meantForLinks) expect(isNodeTrait(hits)).toBe(true);
  });
}

test('every function of the door that makes a fault belongs to a kind', () => {
  const made = new Set(all.map(({ write }) => write.name));
  expect(Object.keys(door)).toEqual(expect.arrayContaining([...made]));
  expect(made.size).toBe(all.length);
});

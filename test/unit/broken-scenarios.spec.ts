/**
 * Goal: a wrong scenario is refused with exit code 64 and the exact text that lies beside it in
 * test/fixtures/broken/<name>.txt, before anything starts.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { LabError } from '../../harness/errors.js';
import { wordsWith } from '../../harness/kinds/node-tables.js';
import { loadScenario } from '../../harness/language/load.js';
import { resolveScenario } from '../../harness/language/resolve.js';
import type { NodeTrait } from '../../harness/model/node-facts.js';

const root = new URL('../..', import.meta.url).pathname;
const folder = join(root, 'test/fixtures/broken');
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replace(/\.ts$/, ''));

/** Lacks nothing, so that only what is wrong with the scenario is reported. */
const ableMachine = {
  netem: true,
  tbf: true,
  htb: true,
  nftIngress: true,
  nftEgress: true,
  bonding: true,
  vlans: true,
  ovsKernelDatapath: true,
  tunDevice: true,
  ovsVersion: '3.1.0',
  iperf3Version: '3.12',
};

/** What people see, without the place of this checkout. */
function told(error: LabError): string {
  const hint = error.hint === undefined ? '' : `\nhint: ${error.hint}`;
  return `${error.message}${hint}\n`
    .replaceAll(`${folder}/`, '')
    .replaceAll(process.cwd(), '<here>');
}

/** What they are to see; `<nodes with …>` are the kinds of nodes that have a trait. */
function expected(name: string): string {
  const text = readFileSync(join(folder, `${name}.txt`), 'utf8');
  return text.replaceAll(/<nodes with ([a-z-]+)>/g, (_, trait) => wordsWith(trait as NodeTrait));
}

async function refusal(name: string): Promise<LabError> {
  try {
    const { written } = await loadScenario(join(folder, `${name}.ts`), root);
    resolveScenario(written, { name, seed: 1, capabilities: ableMachine });
  } catch (thrown) {
    if (thrown instanceof LabError) return thrown;
    throw thrown;
  }
  throw new Error(`${name} was accepted`);
}

test('there are at least thirty', () => {
  expect(names.length).toBeGreaterThanOrEqual(30);
});

for (const name of names) {
  test(name, async () => {
    const error = await refusal(name);
    expect(error.exitCode).toBe(64);
    expect(told(error)).toBe(expected(name));
  });
}

test('problems are machine-readable, each with its path', async () => {
  const { details } = await refusal('many-problems');
  expect(details.problems).toContainEqual({
    path: 'timeline[1].delay',
    message: "'5' has no unit: write a duration such as '200ms', '10s' or '2min'",
  });
});

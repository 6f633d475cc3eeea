/**
 * Goal: a file that cannot be imported is refused with exit code 64 and the exact text that lies
 * beside it in test/fixtures/import/broken/, which names the line, the value and what to do.
 */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { LabError } from '../../harness/errors.js';
import { importFile } from '../../harness/language/import/import-file.js';
import { packageRoot } from '../../harness/package-root.js';

const folder = join(packageRoot(), 'test/fixtures/import/broken');
const names = readdirSync(folder).filter((name) => !name.endsWith('.txt'));

async function refusal(path: string): Promise<LabError> {
  try {
    await importFile(path, {});
  } catch (thrown) {
    if (thrown instanceof LabError) return thrown;
    throw thrown;
  }
  throw new Error(`${path} was accepted`);
}

/** What people see, without the place of this checkout. */
function told({ message, hint }: LabError): string {
  return `${message}${hint === undefined ? '' : `\nhint: ${hint}`}\n`.replaceAll(`${folder}/`, '');
}

test('there are at least ten', () => {
  expect(names.length).toBeGreaterThanOrEqual(10);
});

for (const name of names) {
  test(name, async () => {
    const error = await refusal(join(folder, name));
    expect(error.exitCode).toBe(64);
    expect(told(error)).toBe(readFileSync(join(folder, `${name}.txt`), 'utf8'));
  });
}

test('a file that is not there, and a folder', async () => {
  expect((await refusal('/nowhere/map.gml')).message).toBe('there is no file /nowhere/map.gml');
  const made = test.info().outputPath('map.gml');
  mkdirSync(made);
  expect((await refusal(made)).message).toBe(
    `${made} cannot be read: it is a folder, not a regular file`,
  );
});

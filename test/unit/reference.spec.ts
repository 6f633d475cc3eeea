/** docs/reference.md is what the program is: nothing is left out, and nothing is out of date. */
import { expect, test } from '@playwright/test';
import * as door from '../../harness/index.js';
import { faultKinds } from '../../harness/model/resolved.js';
import { page } from '../documents.js';
import { doorEntries } from '../reference/door.js';
import { commandsOf, eventKinds, program, referencePage, resultFields } from '../reference/page.js';

test('the reference is up to date, and has every export, command, option, event and field', () => {
  // The compiler reads the whole package.
  test.setTimeout(180_000);
  const { text } = page('docs/reference.md');
  // Written again by `npm run reference`.
  expect(text).toBe(referencePage());

  const entries = doorEntries();
  const values = entries.filter(({ kind }) => kind === 'value');
  expect(values.map(({ name }) => name)).toEqual(
    expect.arrayContaining(Object.keys(door).filter((name) => /^[a-z]/.test(name))),
  );
  for (const { name } of entries) expect(text).toContain(`\n### ${name}\n`);
  const silent = values.filter(({ text: words }) => words === '').map(({ name }) => name);
  expect(silent, 'without a sentence').toEqual([]);
  const bare = values
    .filter(({ examples, signature }) => examples.length === 0 && signature.includes('('))
    .map(({ name }) => name);
  expect(bare, 'functions without an example').toEqual([]);

  for (const [words, command] of commandsOf(program())) {
    expect(text).toContain(`### failover-lab ${words}\n`);
    for (const { flags, hidden } of command.options) {
      if (!hidden) expect(text, `${words} ${flags}`).toContain(`\`${flags}\``);
    }
  }
  expect(eventKinds().length).toBeGreaterThan(20);
  for (const kind of [...eventKinds(), ...resultFields()]) expect(text).toContain(`- \`${kind}\``);
  expect(faultKinds.length).toBeGreaterThan(10);
});

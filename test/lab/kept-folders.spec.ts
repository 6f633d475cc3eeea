/** The sandbox's first program keeps every folder it is told to, however many and whatever their names. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { execa } from 'execa';
import { packageRoot } from '../../harness/package-root.js';
import { namespaceCommand } from '../../harness/sites/namespaces/command.js';

/** What `cat` prints inside a sandbox that was told to keep these folders. */
async function readInside(keepFolders: string[], files: string[]): Promise<string> {
  const { argv, environment } = namespaceCommand({
    namespaces: { asUser: process.getuid?.() !== 0 },
    ...{ mark: 'kept-folders-test', owner: '', keepFolders },
    insideScript: join(packageRoot(), 'harness/sites/namespaces/inside.sh'),
    runner: ['cat', '--', ...files],
  });
  const [program = '', ...words] = argv;
  const options = { reject: false, all: true, extendEnv: false, env: environment } as const;
  return (await execa(program, words, { ...options, timeout: 20_000 })).all;
}

test('a dozen folders below /tmp are kept, also behind a link, and with a star in the name', async () => {
  const base = mkdtempSync(join(realpathSync(tmpdir()), 'failover-lab-kept-'));
  try {
    const folders = Array.from({ length: 12 }, (_, index) => join(base, `folder ${index} *`));
    for (const [index, folder] of folders.entries()) {
      mkdirSync(folder);
      writeFileSync(join(folder, 'name'), `${index}.`);
    }
    const link = join(base, 'link');
    symlinkSync(folders[3] ?? '', link);
    const kept = [packageRoot(), ...folders, link];
    const files = [...folders, link].map((folder) => join(folder, 'name'));
    expect(await readInside(kept, files)).toBe('0.1.2.3.4.5.6.7.8.9.10.11.3.');
    // What was not named stays hidden.
    expect(await readInside(kept.slice(0, 2), [files[5] ?? ''])).toContain('No such file');
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
});

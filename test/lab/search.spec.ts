/** A search on a real network finds a planted bug, makes a test of it, and the repaired controller passes. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { run } from '../../harness/api/run.js';
import { search } from '../../harness/api/search.js';
import { packageRoot } from '../../harness/package-root.js';

const planted = join(packageRoot(), 'test/fixtures/planted');

test('a fast-failover group without a watch is found, and its scenario tells the repaired one apart', async () => {
  test.setTimeout(240_000);
  const out = mkdtempSync(join(tmpdir(), 'search-'));
  try {
    const { folder, searched } = await search(join(planted, 'without-watch.ts'), {
      ...{ seed: 2, budget: 6, out, elements: ['r1'], faults: ['power-off'], simplifyMost: 0 },
    });
    const [finding] = searched.findings;
    expect(finding).toMatchObject({ state: 'confirmed' });
    expect(finding?.schedule).toHaveLength(1);
    const file = join(folder, finding?.file ?? '');
    const controller = `osken:${join(planted, 'sound.py')}`;
    const repaired = await run(file, { seed: 2, out, controller });
    expect(repaired.result.verdict).not.toBe('fail');
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
});

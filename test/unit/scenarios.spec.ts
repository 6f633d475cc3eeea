import { expect, test } from '@playwright/test';
import { listScenarios, loadScenario } from '../../harness/language/load.js';
import { resolveScenario } from '../../harness/language/resolve.js';
import { resolvedScenario } from '../../harness/model/resolved.js';

const root = new URL('../..', import.meta.url).pathname;

test.describe('every scenario of the repository resolves', () => {
  for (const name of listScenarios(root)) {
    test(name, async () => {
      const { written } = await loadScenario(name, root);
      const resolved = resolveScenario(written, { name, seed: 1 });
      expect(resolvedScenario.parse(resolved)).toEqual(resolved);
    });
  }
});

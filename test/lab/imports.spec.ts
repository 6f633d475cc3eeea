/**
 * Goal: a file of each kind that can be imported (MiniEdit's script, a containerlab file with FRR, a
 * map of eleven nodes) becomes a scenario that runs as it was written, and its failover is measured.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { RunResult } from '../../harness/model/result.js';
import { packageRoot } from '../../harness/package-root.js';
import { failoverLab } from './program.js';

interface Import {
  name: string;
  words: string[];
  fault: string;
  /** What may be hit on the way. */
  target: RegExp;
  outageAtMostMs: number;
}

const imports: Import[] = [
  // RSTP sees the carrier go, and learns the other way.
  {
    name: 'miniedit',
    words: ['miniedit.py'],
    fault: 'link-down',
    target: /^s\d-s\d$/,
    outageAtMostMs: 10_000,
  },
  // The file's own bound: BFD 100 ms × 3 and OSPF.
  {
    name: 'square',
    words: ['square.clab.yml'],
    fault: 'power-off',
    target: /^r[23]$/,
    outageAtMostMs: 2000,
  },
  {
    name: 'abilene',
    words: ['abilene.graphml', '--no-delays'],
    fault: 'power-off',
    target: /^[a-z]+$/,
    outageAtMostMs: 1000,
  },
];

for (const { name, words, fault, target, outageAtMostMs } of imports) {
  test(`${name}: imported, and run as it is`, () => {
    const cwd = test.info().outputPath('project');
    mkdirSync(cwd, { recursive: true });
    const [file = '', ...options] = words;
    const path = join(packageRoot(), 'test/fixtures/import', file);
    const imported = failoverLab(['import', path, ...options], { cwd });
    expect(imported.status, imported.stderr).toBe(0);
    const command = ['run', `./${name}.ts`, '--out', 'runs', '--seed', '1'];
    let run = failoverLab(command, { cwd });
    // A machine that was too busy proves nothing, and the report says so: asked once more.
    if (run.status === 2) run = failoverLab(command, { cwd });
    expect(run.status, run.stdout + run.stderr).toBe(0);
    const read = readFileSync(join(cwd, 'runs', name, 'latest/result.json'), 'utf8');
    const result = JSON.parse(read) as RunResult;
    const trial = result.trials.find(({ status }) => status === 'valid');
    const [episode] = trial?.episodes ?? [];
    expect(episode?.verified).toBe(true);
    expect(episode?.kind).toBe(fault);
    expect(episode?.targets.join()).toMatch(target);
    const outages = (episode?.networks ?? []).flatMap(({ forward, reverse }) => [
      ...[forward.outageMs ?? Infinity, reverse.outageMs ?? Infinity],
    ]);
    expect(Math.max(...outages)).toBeGreaterThan(0);
    expect(Math.max(...outages)).toBeLessThan(outageAtMostMs);
    expect(result.cleanup.leftovers).toEqual([]);
  });
}

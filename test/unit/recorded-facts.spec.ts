/** What a lab records is data; the sentences of older records are still read. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { readHistory } from '../../harness/model/history/reader.js';
import { type Evidence, evidenceSchema } from '../../harness/model/recorded/evidence.js';
import { readinessSchema } from '../../harness/model/recorded/readiness.js';
import { substitutionSchema } from '../../harness/model/recorded/substitution.js';
import { warningSchema } from '../../harness/model/recorded/warning.js';
import { packageRoot } from '../../harness/package-root.js';
import { evidenceText } from '../../reports/recorded/evidence.js';
import { readinessText } from '../../reports/recorded/readiness.js';
import { substitutionText } from '../../reports/recorded/substitution.js';
import { warningText } from '../../reports/recorded/warning.js';
import { withTexts } from '../../reports/with-texts.js';

test('a record that has sentences in place of facts is read, and its sentences stay', () => {
  const evidence = 'filter at s1-eth1 egress';
  const fault = {
    ...{ atNs: 5, trial: 0, kind: 'fault.injected', stepId: 'a', faultId: 'a' },
    ...{ faultKind: 'blackhole', target: { kind: 'link', link: 's1-s2' }, targets: ['s1-s2'] },
    ...{ beforeNs: 4, afterNs: 5, verified: true, evidence },
  };
  const lines = [
    { atNs: 1, trial: 0, kind: 'ready', condition: 'probes', ok: true, detail: 'clean' },
    { atNs: 2, trial: 0, kind: 'warning', text: 'mn -c left process 3 (sh); killed' },
    fault,
  ];
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  const [ready, warning, injected] = readHistory(text).events;
  expect(ready?.kind === 'ready' && readinessText(ready.detail)).toBe('clean');
  const kept = 'mn -c left process 3 (sh); killed';
  expect(warning?.kind === 'warning' && warningText(warning.warning)).toBe(kept);
  expect(injected?.kind === 'fault.injected' && evidenceText(injected.evidence)).toBe(evidence);
});

const carrier = {
  code: 'carrier',
  data: {
    ends: [
      { port: 's1-eth1', carrier: false, stillDormant: false },
      { port: 's2-eth1', carrier: null, stillDormant: false },
    ],
    refused: null,
  },
} satisfies Evidence;

test('facts are read as they are written, and have their sentences', () => {
  expect(evidenceSchema.parse(carrier)).toEqual(carrier);
  expect(evidenceText(carrier)).toBe('carrier of s1-eth1 and s2-eth1: false, unknown');
  const removed = {
    code: 'filter-removed',
    data: { dropped: 1, gone: true, refused: null },
  } satisfies Evidence;
  const both = { code: 'several', data: { parts: [carrier, removed] } } satisfies Evidence;
  expect(evidenceSchema.parse(both)).toEqual(both);
  expect(evidenceText(both)).toMatch(/unknown; filter removed; it had dropped 1 packet$/);
  const power = {
    code: 'power-off',
    data: { node: 'r1', interfaces: 3, up: ['r1-eth0'], processes: 2, alive: [] },
  } satisfies Evidence;
  expect(evidenceText(power)).toBe(
    'interfaces of r1 down: 2 of 3, processes gone: 2 of 2 (up: r1-eth0)',
  );
});

test('a code that no table has is refused, and so is data of another code', () => {
  for (const schema of [evidenceSchema, readinessSchema, warningSchema, substitutionSchema]) {
    expect(schema.safeParse({ code: 'nonsense', data: {} }).success).toBe(false);
    expect(schema.safeParse(carrier).success).toBe(schema === evidenceSchema);
  }
});

test('JSON for others has the sentence beside the data', () => {
  expect(withTexts({ evidence: carrier })).toEqual({
    evidence: { ...carrier, text: evidenceText(carrier) },
  });
  const datapath = { code: 'userspace-datapath', data: { kernelHasIt: false } } as const;
  const text = substitutionText(datapath);
  expect(withTexts({ substitutions: [datapath] })).toEqual({
    substitutions: [{ ...datapath, text }],
  });
});

test('nothing in the lab, its sites or its campaign records a sentence', () => {
  const sentence = /\b(evidence|detail|warning|text)\b(: |\s*=\s*)[`'"][^`'"]*[ ][^`'"]*[`'"]/;
  const found = ['lab', 'sites', 'campaign'].flatMap((room) => {
    const folder = join(packageRoot(), 'harness', room);
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    return files
      .filter((name) => name.endsWith('.ts') || name.endsWith('.py'))
      .flatMap((name) =>
        readFileSync(join(folder, name), 'utf8')
          .split('\n')
          .filter((line) => /\b(evidence|detail|warning)\b/.test(line) && sentence.test(line))
          .map((line) => `${name}: ${line.trim()}`),
      );
  });
  expect(found).toEqual([]);
});

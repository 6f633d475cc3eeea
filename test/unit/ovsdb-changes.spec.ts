/** What many switches are asked for at once: a transaction for each instance of Open vSwitch. */
import { expect, test } from '@playwright/test';
import {
  bfdSettings,
  connecting,
  givingBfd,
  hastening,
  oncePerInstance,
} from '../../harness/lab/ovsdb-changes.js';

test('bridges of one instance are connected in one transaction, each to connections of its own', () => {
  const targets = ['tcp:127.0.0.1:6653', 'tcp:127.0.0.1:6654'];
  const operations = ['s1', 's2'].flatMap((name, place) =>
    connecting(name, place, targets, { controller_rate_limit: 300 }),
  );
  const inserted = operations.filter(({ op }) => op === 'insert');
  const names = inserted.map((one) => one['uuid-name']);
  expect(new Set(names).size).toBe(4);
  expect(inserted.map(({ row }) => row)).toEqual(
    [...targets, ...targets].map((target) => ({ target, controller_rate_limit: 300 })),
  );
  expect(operations.filter(({ op }) => op === 'update')).toEqual(
    [0, 1].map((place) => ({
      op: 'update',
      table: 'Bridge',
      where: [['name', '==', `s${place + 1}`]],
      row: {
        controller: [
          'set',
          names.slice(2 * place, 2 * place + 2).map((name) => ['named-uuid', name]),
        ],
      },
    })),
  );
});

test('of changes that hold for a whole instance, each instance gets one', () => {
  const folders: Record<string, string> = { s1: 'a', s2: 'a', r1: 'b', s3: 'a', r2: 'c' };
  const changes = [...Object.keys(folders), 'h1'].map((node) => ({
    node,
    operations: hastening(['tcp:127.0.0.1:6653'], 1003),
  }));
  const ovsOf = (node: string) => {
    const folder = folders[node];
    return folder === undefined ? null : { folder, bridge: node, control: '', processes: {} };
  };
  expect(oncePerInstance(changes, ovsOf).map(({ node }) => node)).toEqual(['s1', 'r1', 'r2']);
});

test('BFD is switched on without touching what else the interface has', () => {
  const settings = bfdSettings({ intervalMs: 50, multiplier: 3 });
  const { mutations } = givingBfd('gre-r2', settings) as { mutations: unknown[] };
  expect(mutations).toEqual([
    ['bfd', 'delete', ['set', ['enable', 'min_tx', 'min_rx', 'mult']]],
    [
      'bfd',
      'insert',
      [
        'map',
        [
          ['enable', 'true'],
          ['min_tx', '50'],
          ['min_rx', '50'],
          ['mult', '3'],
        ],
      ],
    ],
  ]);
});

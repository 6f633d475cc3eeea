/** Changes of a switch's database (RFC 7047, section 5.2), so that one transaction has many. Pure. */

import type { LiveNode } from './mininet/protocol.js';

type Operation = Record<string, unknown>;
/** What is changed, of a node. */
interface Change {
  node: string;
  operations: Operation[];
}

/**
 * Point a bridge at the instances of the controller.
 *
 * @param place unique among the changes of a transaction.
 * @param limits further columns of each connection.
 */
export function connecting(
  bridge: string,
  place: number,
  targets: readonly string[],
  limits: Readonly<Record<string, number>>,
): Operation[] {
  const made = targets.map((target, index) => ({
    op: 'insert',
    table: 'Controller',
    'uuid-name': `controller${place}_${index}`,
    row: { target, ...limits },
  }));
  const names = made.map((one) => ['named-uuid', one['uuid-name']]);
  return [...made, update('Bridge', ['name', '==', bridge], { controller: ['set', names] })];
}

/** Give every connection to one of the targets the longest pause between two calls. */
export function hastening(targets: readonly string[], maxBackoffMs: number): Operation[] {
  return targets.map((target) =>
    update('Controller', ['target', '==', target], { max_backoff: maxBackoffMs }),
  );
}

/** Keys and values of an interface's `bfd` that switch it on. */
export function bfdSettings(bfd: {
  intervalMs: number;
  multiplier: number;
}): Array<[string, string]> {
  const interval = String(bfd.intervalMs);
  return [
    ['enable', 'true'],
    ['min_tx', interval],
    ['min_rx', interval],
    ['mult', String(bfd.multiplier)],
  ];
}

/** Set keys of an interface's `bfd`, and leave its others as they are. */
export function givingBfd(port: string, settings: Array<[string, string]>): Operation {
  return {
    op: 'mutate',
    table: 'Interface',
    where: [['name', '==', port]],
    mutations: [
      ['bfd', 'delete', ['set', settings.map(([key]) => key)]],
      ['bfd', 'insert', ['map', settings]],
    ],
  };
}

/** Of changes that say the same of a whole instance, the first of each instance. */
export function oncePerInstance(
  changes: readonly Change[],
  ovsOf: (node: string) => LiveNode['ovs'],
): Change[] {
  const seen = new Set<string>();
  return changes.filter(({ node }) => {
    const folder = ovsOf(node)?.folder;
    if (folder === undefined || seen.has(folder)) return false;
    seen.add(folder);
    return true;
  });
}

function update(table: string, where: [string, string, string], row: Operation): Operation {
  return { op: 'update', table, where: [where], row };
}

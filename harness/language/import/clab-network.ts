/** A containerlab file as a network: hosts, bridges, and routers with what their files state. */
import { ImportNotes } from '../../model/import-note.js';
import { uniqueName } from '../../model/network/names.js';
import type { NodeKind } from '../../model/node-traits.js';
import type { ClabEnd, ClabFile, ClabLink, ClabNode } from './clab-file.js';
import { routerOfFrr, type TakenRouter } from './clab-router.js';
import { type ExecStatement, readCommands } from './exec-lines.js';
import { type FrrStatement, readFrrFile } from './frr-file.js';
import type { ImportedLink, ImportedNetwork, ImportedNode } from './imported.js';
import { NodeNames } from './node-names.js';
import { Call, Constant, type Expression, textOf } from './source.js';

/** A node with all that is known of it, before it becomes what it is to be. */
interface Known {
  node: ClabNode;
  name: string;
  kind: NodeKind;
  exec: ExecStatement;
  frr: FrrStatement;
  /** Links by the file's name of their interface. */
  ports: Map<string, string>;
}

export function networkOfClab(file: ClabFile): ImportedNetwork {
  const notes = new ImportNotes();
  for (const one of file.outside) notes.add('outside', one);
  const nodes = knownNodes(file, notes);
  const byName = new Map(nodes.map((one) => [one.node.name, one]));
  const ids = linkIds(file.links, byName);
  for (const { frr, exec } of nodes) addAddresses(frr, exec);
  for (const { ends } of file.links) {
    for (const { node, interface: port, address } of ends) {
      if (address) byName.get(node)?.frr.interfaces.set(port, { addresses: [address] });
    }
  }
  const routers = nodes.filter(({ kind }) => kind === 'router');
  const nextHops = new Set(routers.flatMap(({ frr }) => addressesOf(frr)));
  const taken = routers.map((one) =>
    routerOfFrr({ ...one, label: one.node.name, isFrr: isFrr(one.node) }, notes),
  );
  const suites = shared(taken.map(({ suite }) => suite));
  const written = new Map(
    routers.map(({ name }, index) => {
      const place = taken[index]?.place;
      const given = [name, suites[index] ?? '', ...(place === undefined ? [] : [place])];
      return [name, new Call('router', given)] as const;
    }),
  );
  const links = file.links.map((link, index) =>
    importedLink(link, ids[index] ?? '', byName, notes),
  );
  return {
    format: 'containerlab file',
    title: file.name,
    nodes: nodes.map((one): ImportedNode => {
      const { name, kind, node } = one;
      const own = written.get(name) ?? plainNode(one, nextHops, notes);
      return { name, kind, written: own, ...(node.name === name ? {} : { label: node.name }) };
    }),
    links,
    ...boundsOf(taken),
    notes: notes.list,
  };
}

function knownNodes(file: ClabFile, notes: ImportNotes): Known[] {
  const names = new NodeNames();
  const joined = file.nodes.map(({ name }) => ({
    name,
    ports: file.links.flatMap(({ ends }) => ends).filter((end) => end.node === name),
  }));
  return file.nodes.map((node, index): Known => {
    const ports = joined[index]?.ports ?? [];
    const exec = readCommands(node.exec);
    for (const left of exec.left) notes.add('command-not-taken', node.name, left);
    for (const key of node.idle) notes.add('key-not-taken', node.name, key);
    const configurations = [...node.frrFiles].filter(([name]) => name.endsWith('.conf'));
    const text = [...configurations.map(([, one]) => one), ...exec.vtysh].join('\n');
    const name = names.name(node.name, ports.length);
    const kind = kindOf(node, ports, exec, notes);
    return { node, name, kind, exec, frr: readFrrFile(text), ports: new Map() };
  });
}

const isFrr = ({ image, frrFiles }: ClabNode): boolean => /frr/i.test(image) || frrFiles.size > 0;

function kindOf(
  node: ClabNode,
  ports: readonly ClabEnd[],
  exec: ExecStatement,
  notes: ImportNotes,
): NodeKind {
  const { kind, name } = node;
  if (kind === 'bridge') return 'linux-bridge';
  if (kind === 'ovs-bridge') return 'switch';
  if (kind !== 'linux') {
    notes.add('other-kind', name, kind);
    return 'router';
  }
  if (isFrr(node) || exec.vtysh.length > 0) return 'router';
  return ports.length > 1 || exec.forwards ? 'router' : 'host';
}

/** Ids that links get where none is written: `a-b`, `a-b-2`. */
function linkIds(links: readonly ClabLink[], byName: ReadonlyMap<string, Known>): string[] {
  const taken = new Set<string>();
  return links.map(({ ends: [a, b] }) => {
    const [one, other] = [byName.get(a.node), byName.get(b.node)];
    const id = uniqueName(`${one?.name}-${other?.name}`, taken);
    taken.add(id);
    one?.ports.set(a.interface, id);
    other?.ports.set(b.interface, id);
    return id;
  });
}

/** Addresses that commands set count as those of the configuration. */
function addAddresses(frr: FrrStatement, { addresses }: ExecStatement): void {
  for (const { interface: port, address } of addresses) {
    const known = frr.interfaces.get(port) ?? { addresses: [] };
    if (!known.addresses.includes(address)) known.addresses.push(address);
    frr.interfaces.set(port, known);
  }
}

function addressesOf({ interfaces }: FrrStatement): string[] {
  return [...interfaces.values()].flatMap(({ addresses }) =>
    addresses.map((one) => one.replace(/\/.*/, '')),
  );
}

/** Suites that several routers have are constants of the file. */
function shared(suites: readonly Call[]): Expression[] {
  const texts = suites.map((one) => textOf(one));
  const common = [...new Set(texts)].filter(
    (text) => texts.filter((one) => one === text).length > 1,
  );
  const constants = new Map<string, Constant>();
  return suites.map((suite, index) => {
    const text = texts[index] ?? '';
    const place = common.indexOf(text);
    if (place < 0) return suite;
    const name = place === 0 ? 'suite' : `suite${place + 1}`;
    const constant = constants.get(text) ?? new Constant(name, suite);
    constants.set(text, constant);
    return constant;
  });
}

/** A host, a bridge or a switch. */
function plainNode(one: Known, nextHops: ReadonlySet<string>, notes: ImportNotes): Expression {
  const { name, kind, frr, exec, node, ports } = one;
  if (kind === 'switch') return new Call('ovsSwitch', [name]);
  if (kind === 'linux-bridge') return new Call('linuxBridge', [name]);
  for (const { prefix, via } of exec.routes) {
    // The lab gives hosts a default route to the router that they are joined to.
    if (!nextHops.has(via)) notes.add('route-not-taken', node.name, `${prefix} via ${via}`);
  }
  const [port] = ports.keys();
  const stated = port === undefined ? undefined : frr.interfaces.get(port);
  const [address, ...more] = stated?.addresses ?? [];
  for (const other of more) notes.add('address-not-taken', node.name, other);
  for (const [other, { addresses }] of frr.interfaces) {
    if (other === port || other === 'lo') continue;
    for (const unused of addresses)
      notes.add('address-not-taken', node.name, `${unused} on ${other}`);
  }
  return new Call('host', [name, ...(address === undefined ? [] : [{ address }])]);
}

function importedLink(
  { ends, mtu }: ClabLink,
  id: string,
  byName: ReadonlyMap<string, Known>,
  notes: ImportNotes,
): ImportedLink {
  const [a = '', b = ''] = ends.map(({ node }) => byName.get(node)?.name ?? '');
  const costs = ends.map(
    ({ node, interface: port }) => byName.get(node)?.frr.interfaces.get(port)?.cost,
  );
  const stated = costs.filter((cost) => cost !== undefined);
  const [metric] = stated;
  if (stated.some((cost) => cost !== metric)) notes.add('costs-differ', id, stated.join(' and '));
  const fits = mtu === undefined || (mtu >= 576 && mtu <= 9000);
  if (!fits) notes.add('mtu-not-taken', id, `${mtu}`);
  const options = {
    metric,
    mtu: mtu !== undefined && fits && mtu !== 1500 ? `${mtu}B` : undefined,
  };
  const any = Object.values(options).some((one) => one !== undefined);
  return { a, b, written: new Call('link', [a, b, ...(any ? [options] : [])]) };
}

/** What the routers' timers bound, for the scenario around them. */
function boundsOf(
  routers: readonly TakenRouter[],
): Pick<ImportedNetwork, 'decides' | 'outageAtMost' | 'readyWithin' | 'recoverWithin'> {
  if (routers.length === 0) return {};
  const protocols = [...new Set(routers.flatMap(({ speaks }) => speaks))];
  const seconds = Math.max(...routers.map(({ outageS }) => outageS));
  return {
    decides: `${protocols.join(', ') || 'static routes'} (FRR)`,
    ...(Number.isFinite(seconds) ? { outageAtMost: `${seconds}s` as const } : {}),
    readyWithin: '90s',
    recoverWithin: `${Math.max(60, (Number.isFinite(seconds) ? seconds : 0) + 20)}s`,
  };
}

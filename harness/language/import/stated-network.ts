/** What a file states, as a network: hosts, bridges, and routers with what their files state. */
import { ImportNotes } from '../../model/import-note.js';
import {
  formatAddress,
  loopbackNetwork,
  overlap,
  parseCidr,
} from '../../model/network/addresses.js';
import { uniqueName } from '../../model/network/names.js';
import type { NodeKind } from '../../model/node-traits.js';
import { type ExecStatement, readCommands } from './exec-lines.js';
import { type FrrStatement, readFrrFile } from './frr-file.js';
import type { ImportedLink, ImportedNetwork, ImportedNode } from './imported.js';
import { NodeNames } from './node-names.js';
import { Call, Constant, type Expression, textOf } from './source.js';
import type { StatedLink, StatedNetwork, StatedNode } from './stated.js';
import { routerOfFrr, type TakenRouter } from './stated-router.js';

/** A node with all that is known of it, before it becomes what it is to be. */
interface Known {
  node: StatedNode;
  name: string;
  becomes: NodeKind;
  exec: ExecStatement;
  frr: FrrStatement;
  /** Links by the file's name of their interface. */
  ports: Map<string, string>;
}

/** @param notes What is known already not to be taken. */
export function networkOfStated(
  file: StatedNetwork,
  notes: ImportNotes = new ImportNotes(),
): ImportedNetwork {
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
  const routers = nodes.filter(({ becomes }) => becomes === 'router');
  const nextHops = new Set(routers.flatMap(({ frr }) => addressesOf(frr)));
  const loopbacks = freeLoopbacks(nodes);
  const taken = routers.map((one, index) =>
    routerOfFrr(
      { ...one, freeLoopback: loopbacks?.(index), label: one.node.name, isFrr: isFrr(one.node) },
      notes,
    ),
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
    format: file.format,
    title: file.name,
    nodes: nodes.map((one): ImportedNode => {
      const { name, becomes, node } = one;
      const own = written.get(name) ?? plainNode(one, nextHops, notes);
      return { name, becomes, written: own, ...(node.name === name ? {} : { label: node.name }) };
    }),
    links,
    ...(file.controller === undefined ? {} : { controller: file.controller }),
    ...boundsOf(taken, file.decides),
    notes: notes.list,
  };
}

function knownNodes(file: StatedNetwork, notes: ImportNotes): Known[] {
  const names = new NodeNames();
  const ends = new Set(file.links.flatMap(({ ends }) => ends.map(({ node }) => node)));
  const nodes = file.nodes.filter(({ name }) => ends.has(name) || file.links.length === 0);
  for (const { name } of file.nodes)
    if (!nodes.some((one) => one.name === name)) notes.add('apart', name);
  const joined = nodes.map(({ name }) => ({
    name,
    ports: file.links.flatMap(({ ends }) => ends).filter((end) => end.node === name),
  }));
  return nodes.map((node, index): Known => {
    const ports = joined[index]?.ports ?? [];
    const exec = readCommands(node.exec);
    for (const left of exec.left) notes.add('command-not-taken', node.name, left);
    for (const key of node.idle) notes.add('key-not-taken', node.name, key);
    const configurations = [...node.frrFiles].filter(([name]) => name.endsWith('.conf'));
    const text = [...configurations.map(([, one]) => one), ...exec.vtysh].join('\n');
    const name = names.name(node.name, ports.length);
    const several = file.severalLinksRoute && ports.length > 1;
    const becomes = kindOf(node, several, exec, notes);
    return { node, name, becomes, exec, frr: readFrrFile(text), ports: new Map() };
  });
}

const isFrr = ({ image, frrFiles }: StatedNode): boolean => /frr/i.test(image) || frrFiles.size > 0;

function kindOf(
  node: StatedNode,
  several: boolean,
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
  return several || exec.forwards ? 'router' : 'host';
}

/** Ids that links get where none is written: `a-b`, `a-b-2`. */
function linkIds(links: readonly StatedLink[], byName: ReadonlyMap<string, Known>): string[] {
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

/** Addresses for loopbacks where the file's own networks hold those that the lab would assign. */
function freeLoopbacks(nodes: readonly Known[]): ((index: number) => string) | undefined {
  const [lab, free] = [parseCidr(loopbackNetwork), parseCidr('198.51.0.0/16')];
  const stated = nodes.flatMap(({ frr }) =>
    [...frr.interfaces].flatMap(([port, { addresses }]) => (port === 'lo' ? [] : addresses)),
  );
  const held = stated.some((text) => {
    const cidr = parseCidr(text);
    return cidr && lab && overlap(cidr, lab);
  });
  return held && free ? (index) => formatAddress(free.first + index + 1) : undefined;
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
  const { name, becomes, frr, exec, node, ports } = one;
  const stating = (options: { readonly [key: string]: Expression | undefined }) =>
    Object.values(options).some((one) => one !== undefined) ? [options] : [];
  const own = node.options ?? {};
  if (becomes === 'switch') return new Call('ovsSwitch', [name, ...stating(own)]);
  if (becomes === 'linux-bridge') return new Call('linuxBridge', [name, ...stating(own)]);
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
  return new Call('host', [name, ...stating({ address, ...own })]);
}

function importedLink(
  { ends, mtu, wire = {}, delayMs }: StatedLink,
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
    ...wire,
  };
  const any = Object.values(options).some((one) => one !== undefined);
  const written = new Call('link', [a, b, ...(any ? [options] : [])]);
  return { a, b, written, ...(delayMs === undefined ? {} : { delayMs }) };
}

/** What the routers' timers bound, for the scenario around them. */
function boundsOf(
  routers: readonly TakenRouter[],
  others: string | undefined,
): Pick<ImportedNetwork, 'decides' | 'outageAtMost' | 'readyWithin' | 'recoverWithin'> {
  if (routers.length === 0) return others === undefined ? {} : { decides: others };
  const protocols = [...new Set(routers.flatMap(({ speaks }) => speaks))];
  const seconds = Math.max(...routers.map(({ outageS }) => outageS));
  return {
    decides: [`${protocols.join(', ') || 'static routes'} (FRR)`, others]
      .filter(Boolean)
      .join('; '),
    ...(Number.isFinite(seconds) ? { outageAtMost: `${seconds}s` as const } : {}),
    readyWithin: '90s',
    recoverWithin: `${Math.max(60, (Number.isFinite(seconds) ? seconds : 0) + 20)}s`,
  };
}

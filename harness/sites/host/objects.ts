/**
 * What a lab with `--sandbox none` has on the host itself: bridges in its Open vSwitch, interfaces
 * and packet filters. Found by the mark that each carries from the moment it exists, never by a
 * name alone, and removed one by one; nothing else of the host's is read or touched.
 */
import { readFileSync } from 'node:fs';
import { execaSync } from 'execa';
import * as z from 'zod';
import { hostPrefix, tableMark } from '../../model/network/root-names.js';
import { systemPath } from '../system-path.js';

export interface HostObject {
  kind: 'bridge' | 'interface' | 'filter';
  name: string;
}

/** The group of a lab's interfaces, and the key in external_ids of its bridges; see bridge/host_sandbox.py. */
const interfaceGroup = '1718378850';
const bridgeMark = 'failover-lab';
/** Where Open vSwitch answers on the host. */
export const hostOvsFolder = '/run/openvswitch';
/** Name of the socket that the supervisor of a lab on the host listens on, while it lives. */
export const hostClaim = 'failover-lab-host';

const lookLimitMs = 5_000;

const linkList = z.array(z.object({ ifname: z.string().optional() }));
const bridgeList = z.object({
  data: z.array(z.tuple([z.string(), z.tuple([z.literal('map'), z.array(z.array(z.string()))])])),
});
const chainList = z.object({
  nftables: z.array(
    z.object({ chain: z.object({ table: z.string(), name: z.string() }).optional() }),
  ),
});

/** Everything on this host that carries the mark, in the order in which it can be removed. */
export function hostObjects(): HostObject[] {
  return [
    ...filters().map((name) => ({ kind: 'filter' as const, name })),
    ...bridges().map((name) => ({ kind: 'bridge' as const, name })),
    ...interfaces().map((name) => ({ kind: 'interface' as const, name })),
  ];
}

/** Remove these, if they still carry the mark. Look again to see what is left. */
export function removeHostObjects(objects: readonly HostObject[]): void {
  if (objects.length === 0) return;
  // Looked up anew: between a listing and an answer a name may have changed hands.
  const wanted = new Set(objects.map(hostObjectWords));
  for (const one of hostObjects()) {
    // The other end of a pair goes with the first, so a refusal says nothing.
    if (wanted.has(hostObjectWords(one))) ask(removal(one));
  }
}

/** Whether a lab on this host is alive: then everything marked is its own. */
export function isHostHeld(): boolean {
  // Node before 20.13 pads the name of an abstract socket with zeros, which are shown as @.
  const claim = new RegExp(` @${hostClaim}@*$`, 'm');
  return claim.test(readFileSync('/proc/self/net/unix', 'utf8'));
}

/** `bridge fl-s1`, for lists. */
export function hostObjectWords({ kind, name }: HostObject): string {
  return `${kind} ${name}`;
}

function removal({ kind, name }: HostObject): string[] {
  if (kind === 'filter') return ['nft', 'delete', 'table', 'netdev', name];
  if (kind === 'bridge') return ['ovs-vsctl', '--timeout=4', '--if-exists', 'del-br', name];
  return ['ip', 'link', 'del', 'dev', name];
}

function interfaces(): string[] {
  return read(linkList, ['ip', '-j', 'link', 'show', 'group', interfaceGroup], [])
    .flatMap(({ ifname }) => (ifname === undefined ? [] : [ifname]))
    .filter((name) => name.startsWith(hostPrefix));
}

function bridges(): string[] {
  const columns = ['--format=json', '--columns=name,external_ids'];
  const argv = ['ovs-vsctl', '--timeout=2', '--no-wait', ...columns, 'list', 'Bridge'];
  return read(bridgeList, argv, { data: [] }).data.flatMap(([name, [, marks]]) =>
    marks.some(([key]) => key === bridgeMark) ? [name] : [],
  );
}

function filters(): string[] {
  return read(chainList, ['nft', '-j', 'list', 'chains', 'netdev'], { nftables: [] })
    .nftables.filter(({ chain }) => chain?.name === tableMark)
    .flatMap(({ chain }) => (chain === undefined ? [] : [chain.table]));
}

/** What a program prints about itself in JSON; `nothing` when it is missing, refuses or prints something else. */
function read<T>(shape: z.ZodType<T>, argv: string[], nothing: T): T {
  try {
    return shape.parse(JSON.parse(ask(argv)));
  } catch {
    return nothing;
  }
}

function ask([program = '', ...words]: string[]): string {
  const done = execaSync(program, words, {
    reject: false,
    stdin: 'ignore',
    timeout: lookLimitMs,
    killSignal: 'SIGKILL',
    extendEnv: false,
    env: { PATH: systemPath, LC_ALL: 'C.UTF-8' },
  });
  return done.stdout ?? '';
}

/**
 * Which of several equal ways a flow takes: each router's own choice, drawn from the trial's seed.
 * The routers of one kernel otherwise share one secret, by which all of them choose alike, and which
 * is another after each boot of the machine.
 */
import { nowNs } from '../clock.js';
import { LabError } from '../errors.js';
import { nodesWith } from '../model/node-traits.js';
import { derivedSeed } from '../model/seed.js';
import type { Lab } from './lab.js';

const prefix = 'net.ipv4.fib_multipath_hash';
/** Addresses and ports of a packet; otherwise its addresses alone. */
const byPorts = 1;

/** Set policy and seed of every router that uses several equal ways, read them back and record them. */
export async function seedHashes(lab: Lab): Promise<void> {
  const routers = nodesWith(lab.topology.nodes, 'routes').filter(
    ({ protocols }) => protocols.paths > 1,
  );
  const seeded = await Promise.all(routers.map(({ name }) => seedOne(lab, name)));
  const unseeded = routers.filter((_, place) => !seeded[place]).map(({ name }) => name);
  if (unseeded.length > 0) lab.journal.warn({ code: 'hash-seed-missing', data: { unseeded } });
}

/** Returns whether the kernel has a seed; Linux before 6.11 does not. */
async function seedOne({ bridge, plan, journal }: Lab, node: string): Promise<boolean> {
  const seed = hashSeed(plan.seed, node);
  const chosen = await bridge.run(node, ['sysctl', '-qw', `${prefix}_policy=${byPorts}`]);
  if (chosen.status !== 0) throw withoutEqualWays(node, chosen.stderr);
  const set = await bridge.run(node, ['sysctl', '-qw', `${prefix}_seed=${seed}`]);
  const policy = await readBack(bridge, node, `${prefix}_policy`, byPorts);
  const has = set.status === 0;
  const seen = has ? await readBack(bridge, node, `${prefix}_seed`, seed) : null;
  journal.emit({ kind: 'routing.hash', atNs: nowNs(), node, policy, seed: seen });
  return has;
}

/** A number of 32 bits that is not zero, which would be the kernel's own choice. Pure. */
export function hashSeed(trialSeed: number, node: string): number {
  return derivedSeed(trialSeed, `hash of ${node}`) || 1;
}

function withoutEqualWays(node: string, printed: string): LabError {
  const text = `${node}: the kernel cannot choose among equal ways: ${printed.trim()}`;
  return new LabError('BUILD_FAILED', text, {
    hint: "It was built without CONFIG_IP_ROUTE_MULTIPATH, as the guest's is: use --clock real, or omit paths.",
  });
}

async function readBack(
  bridge: Lab['bridge'],
  node: string,
  setting: string,
  wanted: number,
): Promise<number> {
  const seen = Number(await bridge.check(node, ['sysctl', '-n', setting]));
  if (seen === wanted) return seen;
  throw new LabError('BUILD_FAILED', `${node}: ${setting} is ${seen} after ${wanted} was set.`);
}

/**
 * A lab on the host itself shares its network with everybody. So there is one such lab at a time,
 * and it starts only where nothing is that it could hit.
 */

import { createServer } from 'node:net';
import { execaSync } from 'execa';
import * as z from 'zod';
import { LabError } from '../../errors.js';
import { overlap, parseCidr } from '../../model/network/addresses.js';
import { controlNetwork } from '../../model/network/control-network.js';
import { hostNames } from '../../model/network/root-names.js';
import { nodesWith } from '../../model/node-traits.js';
import type { ResolvedTopology } from '../../model/resolved.js';
import { systemPath } from '../system-path.js';
import { hostClaim, hostObjects, hostObjectWords, isHostHeld } from './objects.js';

interface HostPlan {
  topology: ResolvedTopology;
  /** Ports on which the controller will listen. */
  controllerPorts: number[];
}

let held = false;

/**
 * Take the host for this process's labs until it ends, however it ends. Throws MACHINE_LACKS with
 * what is in the way.
 */
export async function claimHost(plan: HostPlan): Promise<void> {
  if (!held) {
    await listenForIt();
    held = true;
    refuseLeftovers();
  }
  refuseTakenNames(hostNames(plan.topology));
  const { nodes } = plan.topology;
  if (nodesWith(nodes, 'control-interface').length > 0) refuseTakenNetwork();
  for (const port of plan.controllerPorts) await refuseTakenPort(port);
}

/** An abstract socket: the kernel keeps it for one holder, and frees it when the holder dies. */
async function listenForIt(): Promise<void> {
  const free = !isHostHeld() && (await listen({ path: `\0${hostClaim}` }, true));
  if (free) return;
  throw inTheWay(
    'Another lab with --sandbox none is running, and the host can run one at a time.',
    'Wait until it ends, or omit --sandbox: labs in sandboxes can run concurrently.',
  );
}

function refuseLeftovers(): void {
  const left = hostObjects();
  if (left.length === 0) return;
  throw inTheWay(
    `A lab on this host was killed and left objects behind: ${left.map(hostObjectWords).join(', ')}.`,
    'To remove exactly these: failover-lab clean',
  );
}

const linkList = z.array(z.object({ ifname: z.string() }));
const routeList = z.array(z.object({ dst: z.string() }));

/** After `refuseLeftovers` whatever bears such a name is not a lab's. */
function refuseTakenNames(names: string[]): void {
  const links = ask(['ip', '-j', 'link', 'show'], linkList).map(({ ifname }) => ifname);
  const taken = names.filter((name) => links.includes(name));
  if (taken.length === 0) return;
  throw inTheWay(
    `This host already has interfaces that the lab needs to create: ${taken.join(', ')}.`,
    'They do not belong to a lab: rename them, or omit --sandbox.',
  );
}

/** The control network gets an address in the host's own tables, which must not hide a real one. */
function refuseTakenNetwork(): void {
  const routes = ask(['ip', '-j', '-4', 'route', 'show', 'table', 'all'], routeList);
  const own = parseCidr(controlNetwork);
  const taken = routes.find(({ dst }) => {
    const there = parseCidr(dst.includes('/') ? dst : `${dst}/32`);
    return own !== undefined && there !== undefined && overlap(own, there);
  });
  if (!taken) return;
  throw inTheWay(
    `This host has a route to ${taken.dst}, which overlaps the lab's control network ${controlNetwork}.`,
    'Omit --sandbox: in a sandbox the two cannot conflict.',
  );
}

async function refuseTakenPort(port: number): Promise<void> {
  if (await listen({ port }, false)) return;
  throw inTheWay(
    `A program on this host listens on port ${port}, which the lab's controller needs.`,
    `To find it: ss -ltnp sport = ${port}. Or omit --sandbox.`,
  );
}

/** Whether one can listen there; with `keep` the listening goes on until the process ends. */
function listen(where: { path: string } | { port: number }, keep: boolean): Promise<boolean> {
  const server = createServer((stranger) => stranger.destroy());
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(where, () => {
      if (keep) {
        server.unref();
        resolve(true);
      } else server.close(() => resolve(true));
    });
  });
}

function ask<T>([program = '', ...words]: string[], shape: z.ZodType<T>): T {
  const env = { PATH: systemPath, LC_ALL: 'C.UTF-8' };
  const { stdout } = execaSync(program, words, { stdin: 'ignore', extendEnv: false, env });
  return shape.parse(JSON.parse(stdout));
}

function inTheWay(message: string, hint: string): LabError {
  return new LabError('MACHINE_LACKS', message, { hint });
}

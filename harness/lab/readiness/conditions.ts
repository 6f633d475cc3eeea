/** What must be true before the first fault, for any controller. */

import { nowNs } from '../../clock.js';
import { sureMtuBytes } from '../../model/network/mtu.js';
import { controlledNodes, nodesWith, nodeWith } from '../../model/node-traits.js';
import type { ResolvedNode } from '../../model/resolved.js';
import type { Lab } from '../lab.js';
import { nodeDefinitions } from '../nodes/kinds.js';
import type { Traffic } from '../planned-traffic.js';
import { bondsUp } from './bonds.js';
import { probeWay } from './probe-way.js';
import type { Condition } from './ready.js';
import { routesUnchanged, sessionsUp } from './routing-sessions.js';

/** Clean both ways for this long before the network counts as ready. */
const quietMs = 500;
/** How long flow tables may take to follow probes that pass already. */
const tracedWithinMs = 3000;

/** The conditions of one lab, in the order in which they come true. */
export function readinessOf(lab: Lab, traffic: Traffic): Condition[] {
  const { scenario } = lab.plan;
  const conditions: Condition[] = [];
  if (lab.controller.ports.length > 0) conditions.push(connected(lab));
  if (scenario.topology.bfd) conditions.push(bfdUp(lab));
  if (lab.topology.bonds) conditions.push(bondsUp(lab));
  const settling = lab.topology.nodes.filter(({ kind }) => nodeDefinitions[kind].settled);
  if (settling.length > 0) conditions.push(settled(lab, settling));
  if (nodesWith(lab.topology.nodes, 'routes').length > 0) {
    conditions.push(sessionsUp(lab), routesUnchanged(lab));
  }
  conditions.push(cleanBothWays(lab, traffic));
  for (const { from, to } of scenario.meters) {
    conditions.push(pathInstalled(lab, from, to), pathInstalled(lab, to, from));
  }
  conditions.push(cleanBothWays(lab, traffic));
  if (!scenario.allowOversize) conditions.push(...fullSizePings(lab));
  return conditions;
}

/** By the handshakes on the wire, or by OVSDB, which reports a connection up to 5 s later. */
function connected(lab: Lab): Condition {
  const switches = controlledNodes(lab.topology.nodes).map(({ name }) => name);
  return {
    name: 'every switch connected to the controller',
    everyMs: 50,
    check() {
      const completed = lab.handshakes.count(switches, lab.controller.ports.length);
      const reported = lab.monitors.every((monitor) => monitor.controllersConnected());
      const data = { connected: reported ? switches.length : completed, of: switches.length };
      return {
        ok: data.connected === data.of,
        detail: { code: 'controllers-connected', data },
      };
    },
  };
}

function bfdUp(lab: Lab): Condition {
  const wanted = lab.topology.tunnels.length * 2;
  return {
    name: 'BFD up on every tunnel',
    everyMs: 50,
    check() {
      const up = lab.monitors.reduce((sum, monitor) => sum + monitor.forwardingPorts().size, 0);
      const data = { sessions: up, of: wanted };
      return { ok: up === wanted, detail: { code: 'bfd-forwarding', data } };
    },
  };
}

/** Nodes that need time until they forward as they will all the time. */
function settled(lab: Lab, nodes: readonly ResolvedNode[]): Condition {
  return {
    name: `${nodes.map(({ name }) => name).join(', ')} settled`,
    everyMs: 100,
    async check() {
      const states = await Promise.all(
        nodes.map(async ({ kind, name }) => nodeDefinitions[kind].settled?.(lab.bridge, name)),
      );
      const parts = states.flatMap((state) => (state && !state.ok ? [state.detail] : []));
      return { ok: parts.length === 0, detail: { code: 'several', data: { parts } } };
    },
  };
}

/**
 * Probes pass already. Where the flow tables do not lead all the way, the controller may still be
 * carrying packets itself, so it gets a moment. A way that the tracer cannot follow (a hash over
 * several ports, a hub) is not evidence against clean probes.
 */
function pathInstalled(lab: Lab, from: string, to: string): Condition {
  let beganNs: number | undefined;
  return {
    name: `a path installed from ${from} to ${to}`,
    everyMs: 200,
    async check() {
      beganNs ??= nowNs();
      const path = await lab.path(from, to, 'waiting');
      const { nodes, complete } = path;
      const patient = !complete && nowNs() - beganNs < tracedWithinMs * 1e6;
      const data = { nodes, complete, probesClean: !complete && !patient };
      return { ok: !patient, detail: { code: 'path-traced', data } };
    },
  };
}

function cleanBothWays(lab: Lab, traffic: Traffic): Condition {
  return {
    name: 'clean probes in both directions',
    everyMs: 50,
    check() {
      const dirty = traffic.meters.flatMap((meter) =>
        (['forward', 'reverse'] as const)
          .filter((direction) => {
            const since = meter.cleanSinceNs(direction);
            const neededNs = Math.max(quietMs * 1e6, 2 * meter.intervalNs);
            return since === null || nowNs() - since < neededNs;
          })
          .flatMap((direction) => probeWay(lab.plan.scenario, meter.id, direction)),
      );
      const all = lab.plan.scenario.meters.flatMap(({ id }) =>
        probeWay(lab.plan.scenario, id, 'forward'),
      );
      const clean = dirty.length === 0;
      return { ok: clean, detail: { code: 'probes', data: { clean, ways: clean ? all : dirty } } };
    },
  };
}

/** The default ping is small enough to hide a broken MTU: send the largest packet that must fit. */
function fullSizePings(lab: Lab): Condition[] {
  const { topology, meters } = lab.plan.scenario;
  return meters.flatMap(({ from, to }) => [
    fullSizePing(lab, from, to, sureMtuBytes(topology, from, to)),
    fullSizePing(lab, to, from, sureMtuBytes(topology, from, to)),
  ]);
}

function fullSizePing(lab: Lab, from: string, to: string, mtuBytes: number): Condition {
  const target = nodeWith(lab.topology.nodes, to, 'end-point');
  const address = target?.address.split('/')[0] ?? '';
  return {
    name: `a ping of ${mtuBytes} bytes from ${from} to ${to} (${address})`,
    everyMs: 100,
    async check() {
      const size = String(mtuBytes - 28);
      const argv = ['ping', '-n', '-q', '-c', '1', '-W', '2', '-M', 'do', '-s', size, address];
      const done = await lab.bridge.run(from, argv, 4000);
      const printed = `${done.stdout}\n${done.stderr}`;
      const lossPercent = Number(/(\d+)% packet loss/.exec(printed)?.[1] ?? Number.NaN);
      const data = {
        status: done.status,
        lossPercent: Number.isNaN(lossPercent) ? null : lossPercent,
        error: /.*(?:error|too long).*/i.exec(printed)?.[0] ?? null,
      };
      return { ok: done.status === 0, detail: { code: 'ping', data } };
    },
  };
}

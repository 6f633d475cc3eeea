/** What must be true before the first fault, for any controller. */
import { nowNs } from '../clock.js';
import type { Lab } from './lab.js';
import type { Condition } from './ready.js';
import type { Traffic } from './traffic.js';

/** Clean both ways for this long before the network counts as ready. */
const quietMs = 500;

/** The conditions of one lab, in the order in which they come true. */
export function readinessOf(lab: Lab, traffic: Traffic): Condition[] {
  const { scenario } = lab.plan;
  const conditions: Condition[] = [];
  if (lab.controller.ports.length > 0) conditions.push(connected(lab));
  if (scenario.topology.bfd) conditions.push(bfdUp(lab));
  for (const { from, to } of scenario.meters) {
    conditions.push(pathInstalled(lab, from, to), pathInstalled(lab, to, from));
  }
  conditions.push(cleanBothWays(traffic));
  if (!scenario.allowOversize) conditions.push(...fullSizePings(lab));
  return conditions;
}

function connected(lab: Lab): Condition {
  return {
    name: 'every switch connected to the controller',
    everyMs: 50,
    check() {
      const missing = lab.monitors.filter((monitor) => !monitor.controllersConnected()).length;
      const detail = `${lab.monitors.length - missing} of ${lab.monitors.length} connected`;
      return { ok: missing === 0, detail };
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
      return { ok: up === wanted, detail: `${up} of ${wanted} sessions forward` };
    },
  };
}

function pathInstalled(lab: Lab, from: string, to: string): Condition {
  return {
    name: `a path installed from ${from} to ${to}`,
    everyMs: 200,
    async check() {
      const path = await lab.path(from, to, 'waiting');
      return { ok: path.complete, detail: `packets get as far as ${path.nodes.at(-1)}` };
    },
  };
}

function cleanBothWays(traffic: Traffic): Condition {
  return {
    name: 'clean probes in both directions',
    everyMs: 50,
    check() {
      const dirty = traffic.meters.flatMap((meter) =>
        (['forward', 'reverse'] as const)
          .filter((direction) => {
            const since = meter.cleanSinceNs(direction);
            return since === null || nowNs() - since < quietMs * 1e6;
          })
          .map((direction) => `${meter.id} ${direction}`),
      );
      return {
        ok: dirty.length === 0,
        detail: dirty.length ? `not clean: ${dirty.join(', ')}` : 'clean',
      };
    },
  };
}

/** The default ping is small enough to hide a broken MTU: send the largest packet that must fit. */
function fullSizePings(lab: Lab): Condition[] {
  const { topology, meters } = lab.plan.scenario;
  const innerMtu = Math.min(1500, ...topology.tunnels.map((tunnel) => tunnel.innerMtuBytes));
  const linkMtu = Math.min(innerMtu, ...topology.links.map((link) => link.mtuBytes));
  return meters.map(({ from, to }) => ({
    name: `a ping of ${linkMtu} bytes from ${from} to ${to}`,
    everyMs: 100,
    async check() {
      const target = topology.nodes.find((node) => node.name === to && node.kind === 'host');
      const address = target?.kind === 'host' ? (target.address.split('/')[0] ?? '') : '';
      const size = String(linkMtu - 28);
      const argv = ['ping', '-n', '-q', '-c', '1', '-W', '2', '-M', 'do', '-s', size, address];
      const done = await lab.bridge.run(from, argv, 4000);
      const said = /(\d+% packet loss|.*error.*|.*too long.*)/i.exec(
        `${done.stdout}\n${done.stderr}`,
      );
      return { ok: done.status === 0, detail: said?.[1] ?? 'no answer' };
    },
  }));
}

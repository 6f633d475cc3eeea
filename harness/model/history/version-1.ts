/**
 * Lines of records of version 1, made into version 2 as they are read. Those records have names of
 * processes and facts of OpenFlow as English words. They are parsed here and nowhere else.
 */
import {
  controllerRoles,
  modCommands,
  type OpenFlowFacts,
  type PortMod,
  type PortStatus,
  portSettings,
} from '../openflow-facts.js';
import type { ProcessId } from '../process-id.js';
import { historyVersion } from './events/run.js';

/** A line of JSON that may be an event: nothing about it is known yet. */
type Line = Record<string, unknown>;

/** Reads the lines of one record from its head on, of whichever version each is. */
export class VersionUpgrade {
  /** Of the lines that follow; a record without a head is of this version. */
  #version: unknown = historyVersion;
  #instances = 1;

  /** The line as this version writes it. */
  current(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value;
    const line = withWarning(value as Line);
    // A resumed record goes on in the version of the program that resumed it.
    if (line.kind === 'run.header' || (line.kind === 'run.resumed' && 'schemaVersion' in line)) {
      this.#version = line.schemaVersion;
    }
    if (this.#version !== 1) return line;
    if (line.kind === 'run.header') this.#instances = instancesOf(line.scenario);
    return { ...line, ...this.#changed(line) };
  }

  #changed(line: Line): object {
    switch (line.kind) {
      case 'run.header':
        return { schemaVersion: historyVersion, environment: environmentOf(line.environment) };
      case 'run.resumed':
        return { schemaVersion: historyVersion };
      case 'process.exit':
        return { process: this.#process(line.process) };
      case 'unreadable':
        return { source: this.#process(line.source) };
      case 'waiting':
        return { awaited: awaitedOf(line.what) };
      case 'observe.openflow':
        return openFlowOf(line);
      case 'pressure':
        return {
          cpuPercent: groupsOf(line.cpuPercent),
          ...(line.waitPercent === undefined ? {} : { waitPercent: groupsOf(line.waitPercent) }),
          ...(line.mostWaitPercent === undefined
            ? {}
            : { mostWaitPercent: groupsOf(line.mostWaitPercent) }),
        };
      default:
        return {};
    }
  }

  #process(name: unknown): unknown {
    return typeof name === 'string' ? processOf(name, this.#instances) : name;
  }
}

/** A warning was a sentence before it had a code, in records of either version. */
function withWarning(line: Line): Line {
  if (line.kind !== 'warning' || typeof line.text !== 'string') return line;
  const { text: warning, ...rest } = line;
  return { ...rest, warning };
}

function instancesOf(scenario: unknown): number {
  const { controller } = (scenario ?? {}) as { controller?: { instances?: unknown } };
  const instances = controller?.instances;
  return typeof instances === 'number' && instances > 0 ? instances : 1;
}

/** A process by its name in a record of version 1. */
function processOf(name: string, instances: number): ProcessId {
  if (name === 'bridge' || name === 'runner') return { role: name };
  if (name === 'watch of the control channels') return { role: 'watch', of: 'control-channels' };
  if (name === 'watch of dropped packets') return { role: 'watch', of: 'dropped-packets' };
  const [, first = '', of, rest = ''] =
    /^(\S+?)(?: (of|client|server))?(?: (.+))?$/.exec(name) ?? [];
  if (first === 'shell' && of === 'of') return { role: 'shell', node: rest };
  if (first === 'meter') return { role: 'meter', meter: rest };
  if (first === 'iperf3' && (of === 'client' || of === 'server')) {
    return { role: 'iperf3', side: of, flow: rest };
  }
  const controller = /^controller(?:-(\d+))?$/.exec(name);
  if (controller) {
    const [, number] = controller;
    const instance = Number(number ?? 0);
    const several = number === undefined ? 1 : Math.max(instances, instance + 1);
    return { role: 'controller', instance, instances: several };
  }
  if (first.startsWith('ovs')) return { role: 'switch', program: first, node: rest };
  return { role: 'other', name };
}

function awaitedOf(what: unknown): unknown {
  if (what === 'heal') return { kind: 'heal' };
  return what === 'settled after the heal'
    ? { kind: 'settled' }
    : { kind: 'fault', faultKind: what };
}

/** Groups had other names where a controller was measured by the program that it is. */
function groupsOf(groups: unknown): unknown {
  if (typeof groups !== 'object' || groups === null) return groups;
  const sums: Record<string, number> = {};
  for (const [name, percent] of Object.entries(groups)) {
    const group = /controller|floyd|osken/.test(name)
      ? 'controller'
      : /vswitchd/.test(name)
        ? 'vswitchd'
        : name;
    if (group === 'controller' || group === 'vswitchd' || group === 'runner') {
      sums[group] = (sums[group] ?? 0) + Number(percent);
    }
  }
  return sums;
}

function openFlowOf({ message, detail }: Line): OpenFlowFacts & { target?: string } {
  if (typeof detail !== 'string' || detail === '') return {};
  if (detail === 'malformed') return { malformed: true };
  switch (message) {
    case 'port-status':
      return maybe('portStatus', portStatusOf(detail));
    case 'port-mod':
      return maybe('portMod', portModOf(detail));
    case 'flow-mod':
    case 'group-mod':
      return maybe('mod', modOf(detail));
    case 'role':
      return maybe('role', roleOf(detail));
    case 'connected':
    case 'disconnected':
      return { target: detail };
    default:
      return {};
  }
}

function maybe<K extends string, V>(key: K, value: V | null) {
  return (value === null ? {} : { [key]: value }) as { [key in K]?: V };
}

/** `eth1 modified: link down, not live` */
function portStatusOf(detail: string): PortStatus | null {
  const found =
    /^(.*?) ?(added|deleted|modified|changed): link (up|down)(?:, (live|not live))?$/.exec(detail);
  if (!found) return null;
  const [, port = '', change, link, live] = found;
  return {
    port,
    change: change as PortStatus['change'],
    linkUp: link === 'up',
    live: live === undefined ? null : live === 'live',
  };
}

/** `port 3: down, not no forward` */
function portModOf(detail: string): PortMod | null {
  const [, port, words = ''] = /^port (\d+)(?:: (.*))?$/.exec(detail) ?? [];
  if (port === undefined) return null;
  const said = words.split(', ');
  return {
    port: Number(port),
    set: portSettings.filter((setting) => said.includes(setting)),
    cleared: portSettings.filter((setting) => said.includes(`not ${setting}`)),
  };
}

/** `add`, `command 9`, `modify group 3` or `command group 3` */
function modOf(detail: string): OpenFlowFacts['mod'] | null {
  const [, word = '', number, group] = /^([\w-]+)(?: (\d+))?(?: group (\d+))?$/.exec(detail) ?? [];
  const known = modCommands.find((command) => command === word);
  if (known === undefined && word !== 'command') return null;
  return {
    command: known ?? (number === undefined ? 'unknown' : Number(number)),
    ...(group === undefined ? {} : { group: Number(group) }),
  };
}

/** `request master` */
function roleOf(detail: string): OpenFlowFacts['role'] | null {
  const [, direction, word] = /^(request|reply) (\w+)$/.exec(detail) ?? [];
  if (direction === undefined) return null;
  return {
    direction: direction as 'request' | 'reply',
    role: controllerRoles.find((role) => role === word) ?? 'unknown',
  };
}

/** Where the lab was on the host's network, the name of its sandbox says so. */
function environmentOf(environment: unknown): unknown {
  if (typeof environment !== 'object' || environment === null) return environment;
  const onHost = 'sandbox' in environment && environment.sandbox === 'none';
  return onHost ? { ...environment, network: 'host' } : environment;
}

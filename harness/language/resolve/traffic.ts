/** Flows and meters with their hosts, ports and sizes bound. */
import { otherThan } from '../../kinds/node-tables.js';
import { largestDatagramBytes } from '../../model/network/mtu.js';
import { uniqueName } from '../../model/network/names.js';
import type { ResolvedFlow, ResolvedMeter, ResolvedNode } from '../../model/resolved.js';
import { formatDuration, quoted, shown, writtenDuration } from '../../model/units.js';
import { joinPath, type Problems } from '../problems.js';
import { read } from '../schema/fields.js';
import { flowsMax, type ReadFlow, type ReadMeter, trafficSchema } from '../schema/traffic.js';
import { checkFurtherOptions, furtherOptions } from './flow-options.js';
import { knownNode } from './parts.js';
import type { Placed } from './placed.js';

const firstFlowPort = 5201; // iperf3's own default.
const firstMeterPort = 7001;
/** Of the flows of a meter: below the ports that the kernel gives out. */
const firstMeterFlowPort = 20_001;
const flowMetersMax = 40;
/** Of each flow a process runs at both ends, and its ports lie below the meters'. */
const trafficMax = 500;
/** What iperf3 sends by UDP over Ethernet by default. */
const usualDatagramBytes = 1460;

/** Flows, meters, and where each was written. */
export interface ResolvedTraffic {
  flows: ResolvedFlow[];
  meters: ResolvedMeter[];
  places: Map<string, string>;
  /** What could not be bound, and so may be named elsewhere without being there. */
  broken: BrokenTraffic;
}

/** Ids of flows and meters that have a problem of their own. */
export interface BrokenTraffic {
  ids: Set<string>;
  /** Something without an id is broken, or all of the traffic: any name may have been its. */
  anyName: boolean;
}

/** What traffic is checked against. */
export interface TrafficContext {
  nodes: readonly ResolvedNode[];
  /** Names that were written, even those whose node has a problem. */
  names: ReadonlySet<string>;
  /** Smallest MTU on the way, for payloads left out. */
  innerMtuBytes: number;
  problems: Problems;
}

/** Binds what `traffic` lists. A pair of hosts with a flow and no meter gets one. */
export function resolveTraffic(written: unknown, context: TrafficContext): ResolvedTraffic {
  const { problems } = context;
  const broken: BrokenTraffic = { ids: new Set(), anyName: false };
  const result: ResolvedTraffic = { flows: [], meters: [], places: new Map(), broken };
  if (!Array.isArray(written)) {
    const wrong = written === undefined ? 'is missing' : `must be a list, got ${shown(written)}`;
    problems.add('traffic', wrong, "write traffic: [iperf3('h1', 'h2')]");
    broken.anyName = true;
    return result;
  }
  if (written.length === 0) problems.add('traffic', 'is empty: nothing would be measured');
  if (written.length > trafficMax) {
    const message = `has ${written.length} flows and meters; a trial runs at most ${trafficMax}`;
    problems.add('traffic', message);
    broken.anyName = true;
    return result;
  }
  for (const [index, item] of written.entries()) {
    const path = joinPath('traffic', [index]);
    const part = read(trafficSchema, item, path, problems);
    if (part === undefined || !endsAreHosts({ part, path }, context)) {
      noteBroken(item, broken);
      continue;
    }
    if (part.kind === 'meter') addMeter(result, part, path, problems);
    else addFlow(result, part, path, context);
  }
  for (const { id, from, to } of result.flows) {
    meterBetween(result, from, to, result.places.get(id) ?? 'traffic');
  }
  return result;
}

function noteBroken(item: unknown, broken: BrokenTraffic): void {
  const id = typeof item === 'object' && item !== null && 'id' in item ? item.id : undefined;
  if (typeof id === 'string') broken.ids.add(id);
  else broken.anyName = true;
}

function endsAreHosts(placed: Placed<ReadFlow | ReadMeter>, context: TrafficContext): boolean {
  const { part, path } = placed;
  const { names, nodes, problems } = context;
  const fine = (['from', 'to'] as const).map((key) => {
    const at = joinPath(path, [key]);
    if (!knownNode(part[key], names, at, problems)) return false;
    const other = otherThan('end-point', nodes, part[key]);
    if (other) problems.add(at, `'${part[key]}' is a ${other}; traffic runs between hosts`);
    return other === undefined;
  });
  if (part.from === part.to) problems.add(path, `'${part.from}' cannot send to itself`);
  return fine.every(Boolean) && part.from !== part.to;
}

function claim(result: ResolvedTraffic, id: string | undefined, fallback: string, path: string) {
  const claimed = id ?? uniqueName(fallback, result.places);
  result.places.set(claimed, path);
  return claimed;
}

function checkId(
  result: ResolvedTraffic,
  id: string | undefined,
  path: string,
  problems: Problems,
) {
  if (id === undefined) return;
  const at = joinPath(path, ['id']);
  if (!/^[a-zA-Z][\w.-]{0,39}$/.test(id)) {
    problems.add(at, `${quoted(id)} is not an id: letters, digits, '-', '.' and '_'`);
  }
  if (result.places.has(id))
    problems.add(at, `the id '${id}' is taken by ${result.places.get(id)}`);
}

function addFlow(
  result: ResolvedTraffic,
  part: ReadFlow,
  path: string,
  { problems, innerMtuBytes }: TrafficContext,
): void {
  const misplaced = part.protocol === 'udp' ? 'mss' : 'length';
  if (part[misplaced] !== undefined) {
    const right = part.protocol === 'udp' ? 'length (the payload)' : 'mss';
    const at = joinPath(path, [misplaced]);
    problems.add(at, `${misplaced} has no effect on ${part.protocol.toUpperCase()}; use ${right}`);
  }
  if (part.reverse && part.bidirectional) {
    problems.add(path, 'reverse and bidirectional exclude each other');
  }
  checkStop(part, path, problems);
  checkId(result, part.id, path, problems);
  const usualBytes = Math.min(usualDatagramBytes, largestDatagramBytes(innerMtuBytes));
  const lengthBytes = part.protocol === 'udp' ? (part.length ?? usualBytes) : null;
  checkFurtherOptions(part, lengthBytes, path, problems);
  result.flows.push({
    id: claim(result, part.id, `${part.protocol}-${part.from}-${part.to}`, path),
    protocol: part.protocol,
    from: part.from,
    to: part.to,
    reverse: part.reverse,
    bidirectional: part.bidirectional,
    parallel: part.parallel,
    bitrateBps: part.bitrate === 'unlimited' ? null : part.bitrate,
    mssBytes: part.mss ?? null,
    lengthBytes,
    intervalMs: part.interval,
    port: firstFlowPort + result.flows.length,
    startMs: part.start,
    stopMs: part.stop ?? null,
    ...furtherOptions(part),
  });
}

function checkStop({ start, stop, interval }: ReadFlow, path: string, problems: Problems): void {
  if (stop === undefined || stop >= start + interval) return;
  const [from, to] = [formatDuration(start), formatDuration(stop)];
  const wrong =
    stop <= start
      ? `stops at ${to}, which is not after its start at ${from}`
      : `stops at ${to}, ${formatDuration(stop - start)} after its start: less than one interval of ${formatDuration(interval)}`;
  const hint = `both count from the start of traffic: write '${writtenDuration(start + interval)}' or more`;
  problems.add(joinPath(path, ['stop']), wrong, hint);
}

function addMeter(result: ResolvedTraffic, part: ReadMeter, path: string, problems: Problems) {
  checkId(result, part.id, path, problems);
  result.meters.push({
    id: claim(result, part.id, `${part.from}-${part.to}`, path),
    from: part.from,
    to: part.to,
    rateHz: part.rateHz,
    addresses: part.addresses,
    payloadBytes: part.payload,
    port: firstMeterPort + result.meters.length,
    ...(part.flows === 1 ? {} : { flows: part.flows, flowPort: flowPort(result, path, problems) }),
  });
}

/** Each meter of several flows has a range of ports of its own. */
function flowPort({ meters }: ResolvedTraffic, path: string, problems: Problems): number {
  const before = meters.filter(({ flows }) => flows !== undefined).length;
  if (before === flowMetersMax)
    problems.add(joinPath(path, ['flows']), `at most ${flowMetersMax} meters have several flows`);
  return firstMeterFlowPort + flowsMax * before;
}

/** The meter between two hosts in either direction; a new one when there is none. */
export function meterBetween(
  result: ResolvedTraffic,
  a: string,
  b: string,
  path: string,
): ResolvedMeter {
  const pair = [a, b].sort().join(' ');
  const known = result.meters.find(({ from, to }) => [from, to].sort().join(' ') === pair);
  if (known !== undefined) return known;
  const meter: ResolvedMeter = {
    id: claim(result, undefined, `${a}-${b}`, path),
    from: a,
    to: b,
    rateHz: 1000,
    addresses: 'hosts',
    payloadBytes: 64,
    port: firstMeterPort + result.meters.length,
  };
  result.meters.push(meter);
  return meter;
}

/** What of a trial is a finding: each with what shows it. Pure. */
import { faultOf } from '../kinds/fault-tables.js';
import type { Evidence } from '../model/finding.js';
import type { EventOf, HistoryEvent } from '../model/history/events.js';
import { graphOf, shortestPath } from '../model/network/graph.js';
import { has } from '../model/node-traits.js';
import { processName } from '../model/process-id.js';
import type { FaultKind, ResolvedScenario } from '../model/resolved.js';
import type { TrialResult } from '../model/result.js';
import { isValid } from '../model/trial-status.js';
import { worstDirection } from './outage.js';
import { promisedDetectionMs } from './promise.js';
import { eventsOf } from './trial-record.js';
import { spanMs } from './units.js';

/** An outage is far from what the timers promise when it is longer by this factor and margin. */
const promiseFactor = 3;
const promiseMarginMs = 500;
/** A loop: a node received this many times what all hosts sent, and this many packets more. */
const loopFactor = 2;
const loopMarginPackets = 500;

/** All findings of a trial; none of one that is not valid, except of processes that died. */
export function findingsOf(
  trial: TrialResult,
  events: readonly HistoryEvent[],
  scenario: ResolvedScenario,
): Evidence[] {
  const died = diedProcesses(events);
  if (!isValid(trial)) return died;
  return [
    ...died,
    ...loopsOf(events, scenario),
    ...darkOnes(trial, scenario),
    ...brokenExpectations(trial),
    ...slowOnes(trial, scenario),
  ];
}

function brokenExpectations({ expectations }: TrialResult): Evidence[] {
  return expectations
    .filter(({ verdict }) => verdict === 'fail')
    .map(({ id, text, measured, atLeast, bound, unit }) => {
      return {
        kind: 'expectation-broken',
        metric: id,
        expectation: text,
        measured,
        atLeast,
        bound,
        unit,
      };
    });
}

/** Dark at the end although the graph has a path around everything that stands. */
function darkOnes({ darkAtEnd, episodes }: TrialResult, scenario: ResolvedScenario): Evidence[] {
  const graph = graphOf(scenario.topology);
  const healed = new Set(
    episodes.filter(({ change }) => change === 'healed').map(({ stepId }) => stepId),
  );
  const standing = episodes.filter(
    ({ change, stepId }) => change === 'injected' && !healed.has(`heal-${stepId}`),
  );
  const gone = new Set(standing.flatMap(({ targets }) => targets));
  const nodes = new Set([...graph.forwarders].filter((name) => gone.has(name)));
  const edges = new Set(graph.edges.flatMap(({ id }) => (gone.has(id) ? [id] : [])));
  return darkAtEnd.flatMap(({ from, to, sinceMs, forMs }): Evidence[] => {
    const path = shortestPath(graph, from, to, { nodes, edges });
    if (!path) return [];
    return [{ kind: 'dark-with-a-path', from, to, sinceMs, forMs, path: path.nodes }];
  });
}

/** Processes that ended without anybody having ended them. */
function diedProcesses(events: readonly HistoryEvent[]): Evidence[] {
  const traffic = eventsOf(events, 'phase').find(({ phase }) => phase === 'traffic');
  const stop = eventsOf(events, 'phase').find(({ phase }) => phase === 'stop');
  if (!traffic) return [];
  const untilNs = stop?.atNs ?? Number.POSITIVE_INFINITY;
  return eventsOf(events, 'process.exit')
    .filter(({ expected, atNs }) => !expected && atNs >= traffic.atNs && atNs < untilNs)
    .filter(({ process }) => process.role === 'controller' || process.role === 'switch')
    .map(({ process, atNs }) => ({
      kind: 'process-died',
      process: processName(process),
      role: process.role,
      atMs: spanMs(atNs - traffic.atNs),
    }));
}

/** What hosts sent within a window bounds what any node can receive, unless packets circle. */
function loopsOf(events: readonly HistoryEvent[], { topology }: ResolvedScenario): Evidence[] {
  const hosts = new Set(
    topology.nodes.filter((node) => has(node, 'end-point')).map(({ name }) => name),
  );
  const fromHosts = new Set(
    topology.links.flatMap(({ a, b }) =>
      hosts.has(a.node)
        ? [`${b.node} ${b.port}`]
        : hosts.has(b.node)
          ? [`${a.node} ${a.port}`]
          : [],
    ),
  );
  const readings = eventsOf(events, 'counters');
  const worst = readings.slice(1).flatMap((after, place) => {
    const before = readings[place];
    return before ? circling(before, after, fromHosts) : [];
  });
  return worst.sort((one, other) => other.packets - one.packets).slice(0, 1);
}

function circling(
  before: EventOf<'counters'>,
  after: EventOf<'counters'>,
  fromHosts: ReadonlySet<string>,
) {
  const earlier = new Map(
    before.ports.map(({ node, port, rxPackets }) => [`${node} ${port}`, rxPackets]),
  );
  const received = new Map<string, number>();
  let offered = 0;
  for (const { node, port, rxPackets } of after.ports) {
    const key = `${node} ${port}`;
    const was = earlier.get(key);
    // A daemon that was started again counts from zero.
    if (was === undefined || rxPackets < was) continue;
    if (fromHosts.has(key)) offered += rxPackets - was;
    received.set(node, (received.get(node) ?? 0) + rxPackets - was);
  }
  return [...received]
    .filter(([, packets]) => packets > loopFactor * offered + loopMarginPackets && offered > 0)
    .map(([node, packets]) => {
      const overMs = spanMs(after.atNs - before.atNs);
      return { kind: 'loop' as const, node, packets, offered, overMs };
    });
}

/** Only faults that timers see are promised anything. */
function slowOnes(trial: TrialResult, scenario: ResolvedScenario): Evidence[] {
  const promised = promisedDetectionMs(scenario);
  const faults = trial.episodes.filter(({ change }) => change === 'injected');
  const { network } = trial;
  if (promised === null || network === null || network.from === undefined) return [];
  if (!faults.every(({ kind }) => faultOf(kind as FaultKind).seenInTime)) return [];
  const worst = worstDirection([network.forward, network.reverse]);
  const promisedMs = promised * Math.max(1, faults.length);
  const outageMs = worst?.outageAtLeastMs ?? 0;
  if (outageMs <= promiseFactor * promisedMs + promiseMarginMs) return [];
  const to = network.to ?? '';
  return [{ kind: 'slower-than-promised', from: network.from, to, outageMs, promisedMs }];
}

/** Two findings are the same bug when this is the same. */
export function signatureOf(evidence: Evidence): string {
  switch (evidence.kind) {
    case 'expectation-broken':
      return `${evidence.kind} ${evidence.expectation.replace(/ after failure-\d+(?=,|$)/, '')}`;
    case 'process-died':
      return `${evidence.kind} ${evidence.role}`;
    case 'property-broken':
      return `${evidence.kind} ${evidence.message}`;
    default:
      return evidence.kind;
  }
}

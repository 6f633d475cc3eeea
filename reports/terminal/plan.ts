/** The plan of a scenario for people: its network as a picture, and what happens when. Pure. */

import { nodeNouns } from '../../harness/kinds/generated/node-names.js';
import { dscpText } from '../../harness/model/network/dscp.js';
import { sketchTopology } from '../../harness/model/network/sketch.js';
import { nodesWith } from '../../harness/model/node-traits.js';
import type {
  ResolvedFault,
  ResolvedFlow,
  ResolvedMeter,
  ResolvedProgram,
  ResolvedScenario,
  ResolvedStep,
  ResolvedTarget,
} from '../../harness/model/resolved.js';
import { formatBitrate, formatDuration } from '../../harness/model/units.js';
import { bondText } from '../bond-text.js';
import { escapeText } from '../escape.js';
import { formatCount, formatCounted } from '../format.js';
import { mininetNoteTexts } from '../mininet-notes.js';
import { addressTexts, protocolTexts } from '../routing-text.js';
import type { Layout } from './layout.js';
import { indented } from './section.js';
import { labelled, wrapText } from './wrap.js';

const labelWidth = 12;
const stepsShown = 12;
const routersShown = 12;

/** What `failover-lab validate` prints of a valid scenario; no line is wider than the screen. */
export function renderPlan(plan: ResolvedScenario, layout: Layout): string {
  const { columns, styles } = layout;
  const line = (label: string, parts: readonly string[]) =>
    labelled(label, escapeText(parts.join('; ')), { labelWidth, columns: columns - 2 });
  const [pair] = [...plan.flows, ...plan.meters];
  const steps = plan.timeline.map(stepText);
  const more = steps.length - stepsShown;
  const facts = [
    ...line('Network', networkParts(plan)),
    ...line('Wires', wireParts(plan)),
    ...line('Bonds', (plan.topology.bonds ?? []).map(bondText)),
    ...routingLines(plan, line),
    ...mininetNoteTexts(plan.topology.mininetFile?.notes).flatMap((text, index) =>
      line(index === 0 ? 'Mininet' : '', [text]),
    ),
    ...line('Controller', controllerParts(plan)),
    ...line('Traffic', plan.flows.map(flowText)),
    ...line('Meters', plan.meters.map(meterText)),
    ...line('', keepAliveParts(plan)),
    ...line('Programs', (plan.programs ?? []).map(programText)),
    ...steps
      .slice(0, stepsShown)
      .flatMap((text, index) => line(index === 0 ? 'Timeline' : '', [text])),
    ...(more > 0 ? line('', [`… and ${formatCounted(more, 'more step')}`]) : []),
    ...line(
      'Expected',
      plan.expectations.map(({ text }) => text),
    ),
    ...line('Lasts', [lastsText(plan)]),
  ];
  return [
    `${styles.bold(escapeText(plan.name))}: ${styles.green('valid')}`,
    ...indented([
      ...wrapText(escapeText(plan.question), columns - 2),
      '',
      ...sketchTopology(plan.topology, pair, columns - 2)
        .split('\n')
        .map(escapeText),
      ...wrapText(whoDecides(plan), columns - 2).map(styles.dim),
      '',
      ...facts,
    ]),
    '',
  ].join('\n');
}

/** The picture is made from the plan alone; who really chooses among the ways is said below it. */
function whoDecides({ controller: { kind }, topology }: ResolvedScenario): string {
  const routed = nodesWith(topology.nodes, 'routes').length > 0;
  if (routed && kind === 'none') return '(by fewest hops; the routers decide by their metrics)';
  if (kind === 'none') return '(by fewest hops; without a controller the switches decide)';
  if (kind === 'static-flows') return '(by fewest hops; the static flows decide)';
  if (kind === 'floyd') return '(by fewest hops; the controller takes the path of least cost)';
  return '(by fewest hops; the controller decides)';
}

/** Protocols with their timers, and every address of a router. */
function routingLines(
  { topology }: ResolvedScenario,
  line: (label: string, parts: readonly string[]) => string[],
): string[] {
  const addresses = addressTexts(topology);
  const shown = addresses.slice(0, routersShown);
  const more = addresses.length - shown.length;
  return [
    ...protocolTexts(topology).flatMap((text, index) => line(index === 0 ? 'Routing' : '', [text])),
    ...shown.flatMap((text, index) => line(index === 0 ? 'Addresses' : '', [text])),
    ...(more > 0 ? line('', [`… and ${formatCounted(more, 'more router')}`]) : []),
  ];
}

function networkParts({ topology }: ResolvedScenario): string[] {
  const { nodes, links, tunnels, bfd, fabric } = topology;
  const counts = Object.entries(nodeNouns).map(([kind, nouns]) => {
    const own = nodes.filter((node) => node.kind === kind);
    return { number: own.length, noun: nouns[own.length === 1 ? 0 : 1] };
  });
  const tunnelKinds = [...new Set(tunnels.map(({ kind }) => kind))];
  return [
    counts
      .filter(({ number }) => number > 0)
      .map(({ number, noun }) => `${formatCount(number)} ${noun}`)
      .join(', '),
    formatCounted(links.length, 'link'),
    ...tunnelKinds.map((kind) => {
      const own = tunnels.filter((tunnel) => tunnel.kind === kind);
      const name = kind === 'geneve' ? 'Geneve' : kind.toUpperCase();
      return `${formatCounted(own.length, `${name} tunnel`)}, ${own[0]?.innerMtuBytes} bytes inside`;
    }),
    ...(fabric && tunnels.some(({ underlay }) => underlay === null)
      ? [`fabric of ${fabric.mtuBytes} bytes`]
      : []),
    ...(bfd ? [`BFD ${formatDuration(bfd.intervalMs)} × ${bfd.multiplier}`] : []),
  ];
}

/** Links and tunnels that are not left as they are. */
function wireParts({ topology: { links, tunnels } }: ResolvedScenario): string[] {
  return [...links, ...tunnels].flatMap((wire) => {
    const queue = 'queuePackets' in wire ? wire.queuePackets : null;
    const parts = [
      ...(wire.bandwidthBps === null ? [] : [formatBitrate(wire.bandwidthBps)]),
      ...(wire.delayMs === 0 ? [] : [`${formatDuration(wire.delayMs)} delay`]),
      ...(wire.jitterMs === 0 ? [] : [`± ${formatDuration(wire.jitterMs)}`]),
      ...(wire.lossPercent === 0 ? [] : [`${wire.lossPercent} % loss`]),
      ...(queue === null ? [] : [`queue of ${queue} packets`]),
      ...('costMs' in wire && wire.costMs !== null ? [`cost ${formatDuration(wire.costMs)}`] : []),
    ];
    return parts.length === 0 ? [] : [`${wire.id} ${parts.join(', ')}`];
  });
}

function controllerParts({ controller, periodMs }: ResolvedScenario): string[] {
  const period = periodMs === null ? [] : [`decides every ${formatDuration(periodMs)}`];
  return [controller.label, ...period];
}

function flowText(flow: ResolvedFlow): string {
  const arrow = flow.bidirectional ? '↔' : flow.reverse ? '←' : '→';
  const parts = [
    `${flow.protocol.toUpperCase()} ${flow.from} ${arrow} ${flow.to}`,
    flow.bitrateBps === null ? 'unlimited' : formatBitrate(flow.bitrateBps),
    ...(flow.parallel > 1 ? [`${flow.parallel} streams`] : []),
    ...(flow.mssBytes === null ? [] : [`segments of ${flow.mssBytes} bytes`]),
    ...(flow.lengthBytes === null ? [] : [`datagrams of ${flow.lengthBytes} bytes`]),
    ...furtherParts(flow),
    ...(flow.startMs > 0 ? [`from ${formatDuration(flow.startMs)}`] : []),
    ...(flow.stopMs === null ? [] : [`until ${formatDuration(flow.stopMs)}`]),
  ];
  return parts.join(', ');
}

function furtherParts({ congestion, windowBytes, dscp, zerocopy, omitMs }: ResolvedFlow): string[] {
  return [
    ...(congestion === undefined ? [] : [congestion]),
    ...(windowBytes === undefined ? [] : [`buffers of ${windowBytes} bytes`]),
    ...(dscp === undefined ? [] : [`DSCP ${dscpText(dscp)}`]),
    ...(zerocopy ? ['zero copy'] : []),
    ...(omitMs === undefined ? [] : [`first ${formatDuration(omitMs)} omitted`]),
  ];
}

function programText({ id, node, argv, startMs, stopMs }: ResolvedProgram): string {
  const from = startMs === null ? '' : ` from ${formatDuration(startMs)}`;
  const to = stopMs === null ? '' : ` to ${formatDuration(stopMs)}`;
  return `${id} on ${node}${from}${to}: ${argv.join(' ')}`;
}

function meterText({ from, to, rateHz, flows = 1, addresses }: ResolvedMeter): string {
  const every = formatDuration((1000 * flows) / rateHz);
  const spread = flows > 1 ? ` over ${flows} flows` : '';
  const sparse = rateHz / flows < 10 ? `, so outages are resolved to ${every}` : '';
  const own = addresses === 'own' ? ', between separate addresses' : '';
  return `${from} ↔ ${to}, ${rateHz} probes a second${spread}${sparse}${own}`;
}

/** Other people's controllers may write flows that expire; which, no plan can show. */
function keepAliveParts({ controller, meters }: ResolvedScenario): string[] {
  const foreign = ['osken', 'command', 'ovs-testcontroller', 'static-flows'].includes(
    controller.kind,
  );
  const [meter] = meters.filter(({ rateHz }) => rateHz >= 1);
  if (!foreign || !meter) return [];
  return [
    'probes keep flows with an idle timeout alive; if such flows must expire, use a ' +
      `sparse meter: meter('${meter.from}', '${meter.to}', { rateHz: 0.2 })`,
  ];
}

function stepText({ when, phase, action }: ResolvedStep): string {
  const moment = when.kind === 'at' ? `at ${formatDuration(when.ms)}` : afterText(when);
  const period = phase === null ? '' : ` + a moment of the controller's period`;
  const what = action.kind === 'heal' ? `heal ${action.faultId}` : faultText(action.fault);
  return `${moment}${period}: ${what}`;
}

const eventWords = {
  injected: 'the injection of',
  recovered: 'the recovery from',
  healed: 'the heal of',
  reverted: 'the reversion from',
} as const;

function afterText(when: Extract<ResolvedStep['when'], { kind: 'after' }>): string {
  const step = when.step.replace(/^heal-/, '');
  return `${formatDuration(when.delayMs)} after ${eventWords[when.event]} ${step}`;
}

function faultText({ kind, id, target, direction, parameters }: ResolvedFault): string {
  const details = [
    ...Object.entries(parameters).map(([name, value]) => parameterText(name, value)),
    ...(direction === 'both' ? [] : [`${direction} only`]),
  ].filter((text) => text !== '');
  const named = id === kind || id.startsWith(`${kind}-`) ? '' : `${id} = `;
  return `${named}${kind} of ${targetText(target)}${details.length > 0 ? ` (${details.join(', ')})` : ''}`;
}

/** `lossPercent` and 5 are `loss 5 %`: the unit is the last word of the name. */
function parameterText(name: string, value: string | number | boolean): string {
  const [, what = name, unit = ''] = /^(.*?)(Ms|Percent|Bytes|Bps)?$/.exec(name) ?? [];
  const words = what.replace(/([A-Z])/g, ' $1').toLowerCase();
  if (value === 0) return '';
  if (typeof value !== 'number') return words === 'down kind' ? `by ${value}` : `${words} ${value}`;
  if (unit === 'Ms') return `${words} ${formatDuration(value)}`;
  if (unit === 'Bps') return `${words} ${formatBitrate(value)}`;
  return `${words} ${value}${unit === 'Percent' ? ' %' : unit === 'Bytes' ? ' bytes' : ''}`;
}

function targetText(target: ResolvedTarget): string {
  switch (target.kind) {
    case 'node':
      return target.node;
    case 'nodes':
      return target.nodes.join(', ');
    case 'link':
      return target.link;
    case 'relayOnPath':
      return `the node on the path from ${target.from} to ${target.to}`;
    case 'linkOnPath':
      return `link ${target.hop + 1} between switches on the path from ${target.from} to ${target.to}`;
    case 'anyRelay':
      return 'a node picked by the seed';
    case 'everyRelayBut':
      return `every node but ${target.nodes.join(', ')}`;
    case 'controller':
      return `controller ${target.instance}`;
  }
}

function lastsText({ limits, timeline }: ResolvedScenario): string {
  const length = formatDuration(limits.durationMs);
  return timeline.length === 0 ? length : `until recovery, at most ${length} of traffic`;
}

/** What one round of the soak does: a short scenario, and when whom to kill. Pure, by the seed. */
import { derivedSeed, pick, type Random, randomFrom } from '../../model/seed.js';

export interface SoakRound {
  /** Text of a scenario file. */
  scenario: string;
  /** What it is, in words. */
  title: string;
  seed: number;
  /** After the start of the command. */
  killAfterMs: number;
  /** Which kind of process, of those that run at that moment, and which of its kind: 0 to 1. */
  kindDraw: number;
  processDraw: number;
}

/** Longer than a round takes on a machine that is not busy, so that its quiet end is hit as well. */
const latestKillMs = 18_000;

const faults = ['powerOff', 'vswitchdCrash', 'vswitchdHang'] as const;
const reactions = [
  `floyd({ reaction: 'bfd', bfd: '100ms*3', hold: '300ms' })`,
  `floyd({ reaction: 'timeout', probeEvery: '100ms' })`,
  "floyd({ reaction: 'groups', bfd: '100ms*3' })",
] as const;
const plainSwitches = [
  "ovsSwitch('s1')",
  "ovsSwitch('s2')",
  "link('s1', 's2')",
  "link('s2', 'e1')",
];

/**
 * Round `index` of a soak; the same for the same seed. On the host itself a lab has plain switches
 * besides, which are what it makes in the host's own Open vSwitch and network.
 */
export function roundOf(seed: number, index: number, onHost = false): SoakRound {
  const random = randomFrom(derivedSeed(seed, `soak ${index}`));
  const fault = drawn(faults, random);
  const reaction = drawn(reactions, random);
  const relays = 2 + Math.floor(random() * 2);
  const topology = [`parallelRelays(${relays})`, ...(onHost ? plainSwitches : [])].join(', ');
  const megabits = 2 + Math.floor(random() * 15);
  return {
    scenario: scenarioText(fault, reaction, topology, megabits),
    title: `${fault}, ${relays} relays, ${megabits} Mbit/s`,
    seed: Math.floor(random() * 2 ** 31),
    killAfterMs: Math.round(random() * latestKillMs),
    kindDraw: random(),
    processDraw: random(),
  };
}

/** One of some, by a draw from 0 to 1. */
export function byDraw<T>(items: readonly T[], draw: number): T | undefined {
  return pick(items, () => draw);
}

function drawn<T>(items: readonly [T, ...T[]], random: Random): T {
  return pick(items, random) ?? items[0];
}

function scenarioText(fault: string, reaction: string, topology: string, megabits: number): string {
  return `import {
  after, at, floyd, heal, iperf3, link, networkOutage, ovsSwitch, parallelRelays, ${fault},
  recovered, relayOnPath, scenario,
} from 'failover-lab';

export default scenario({
  question: 'Does a kill at any moment leave nothing behind and prove nothing wrong?',
  topology: [${topology}],
  controller: ${reaction},
  traffic: [iperf3('h1', 'h2', { mss: '1400B', bitrate: '${megabits}Mbit/s' })],
  timeline: [at('1500ms', ${fault}(relayOnPath('h1', 'h2'))), after(recovered, '100ms', heal())],
  expect: [networkOutage.atMost('2s'), networkOutage.atLeast('50ms')],
  limits: { cleanFor: '1s', recoverWithin: '4s', sustainedFor: '1s' },
});
`;
}

/** What one round of the soak does: a short scenario, and when whom to kill. Pure, by the seed. */
import { derivedSeed, pick, type Random, randomFrom } from '../../scenario/seed.js';

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

/** Round `index` of a soak; the same for the same seed. */
export function roundOf(seed: number, index: number): SoakRound {
  const random = randomFrom(derivedSeed(seed, `soak ${index}`));
  const fault = drawn(faults, random);
  const reaction = drawn(reactions, random);
  const relays = 2 + Math.floor(random() * 2);
  const megabits = 2 + Math.floor(random() * 15);
  return {
    scenario: scenarioText(fault, reaction, relays, megabits),
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

function scenarioText(fault: string, reaction: string, relays: number, megabits: number): string {
  return `import {
  after, at, floyd, heal, iperf3, networkOutage, parallelRelays, ${fault}, recovered, relayOnPath,
  scenario,
} from 'failover-lab';

export default scenario({
  question: 'Does a kill at any moment leave nothing behind and prove nothing wrong?',
  topology: [parallelRelays(${relays})],
  controller: ${reaction},
  traffic: [iperf3('h1', 'h2', { mss: '1400B', bitrate: '${megabits}Mbit/s' })],
  timeline: [at('1500ms', ${fault}(relayOnPath('h1', 'h2'))), after(recovered, '100ms', heal())],
  expect: [networkOutage.atMost('2s'), networkOutage.atLeast('50ms')],
  limits: { cleanFor: '1s', recoverWithin: '4s', sustainedFor: '1s' },
});
`;
}

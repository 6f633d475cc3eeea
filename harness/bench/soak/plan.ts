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
const latestKillMs = { relays: 18_000, routers: 28_000 };

const faults = ['powerOff', 'vswitchdCrash', 'vswitchdHang'] as const;
const reactions = [
  `floyd({ reaction: 'bfd', bfd: '100ms*3', hold: '300ms' })`,
  `floyd({ reaction: 'timeout', probeEvery: '100ms' })`,
  "floyd({ reaction: 'groups', bfd: '100ms*3' })",
] as const;
/** What the nodes are that are killed, crash and hang. */
export const soakKinds = ['relays', 'routers'] as const;
export type SoakKind = (typeof soakKinds)[number];

const routerFaults = [
  `powerOff(relayOnPath('h1', 'h2'))`,
  `daemonCrash(relayOnPath('h1', 'h2'), 'ospfd')`,
  `daemonHang(relayOnPath('h1', 'h2'), 'ospfd')`,
] as const;
const plainSwitches = [
  "ovsSwitch('s1')",
  "ovsSwitch('s2')",
  "link('s1', 's2')",
  "link('s2', 'e1')",
];

export interface SoakSubject {
  of: SoakKind;
  /** On the host itself a lab has plain switches besides, which are what it makes there. */
  onHost: boolean;
}

/** Round `index` of a soak; the same for the same seed and subject. */
export function roundOf(seed: number, index: number, subject: SoakSubject): SoakRound {
  const random = randomFrom(derivedSeed(seed, `soak ${index}`));
  const megabits = 2 + Math.floor(random() * 15);
  const parts = subject.of === 'routers' ? routedParts(random) : relayParts(random, subject.onHost);
  return {
    scenario: scenarioText(parts, megabits),
    title: `${parts.title}, ${megabits} Mbit/s`,
    seed: Math.floor(random() * 2 ** 31),
    killAfterMs: Math.round(random() * latestKillMs[subject.of]),
    kindDraw: random(),
    processDraw: random(),
  };
}

/** What of a scenario depends on the kind of its nodes. */
interface Parts {
  title: string;
  topology: string;
  /** Empty where routers decide themselves. */
  controller: string;
  fault: string;
  mss: string;
  /** Bounds within which a recovery is right. */
  outage: [atLeast: string, atMost: string];
  recoverWithin: string;
}

function relayParts(random: Random, onHost: boolean): Parts {
  const fault = drawn(faults, random);
  const reaction = drawn(reactions, random);
  const relays = 2 + Math.floor(random() * 2);
  return {
    title: `${fault}, ${relays} relays`,
    topology: [`parallelRelays(${relays})`, ...(onHost ? plainSwitches : [])].join(', '),
    controller: reaction,
    fault: `${fault}(relayOnPath('h1', 'h2'))`,
    mss: `mss: '1400B', `,
    outage: ['50ms', '2s'],
    recoverWithin: '4s',
  };
}

/** Routers of FRR: OSPF finds the death of a daemon by its dead interval of a second. */
function routedParts(random: Random): Parts {
  const fault = drawn(routerFaults, random);
  const suite = `frr({ ospf: quickOspf, bfd: { interval: '100ms', multiplier: 3 } })`;
  return {
    title: `${fault.split('(')[0]}, 2 routers`,
    topology: `parallelRouters(2, ${suite})`,
    controller: '',
    fault,
    mss: '',
    outage: ['0s', '6s'],
    recoverWithin: '8s',
  };
}

/** One of some, by a draw from 0 to 1. */
export function byDraw<T>(items: readonly T[], draw: number): T | undefined {
  return pick(items, () => draw);
}

function drawn<T>(items: readonly [T, ...T[]], random: Random): T {
  return pick(items, random) ?? items[0];
}

function scenarioText(parts: Parts, megabits: number): string {
  const [atLeast, atMost] = parts.outage;
  return `import {
  after, at, daemonCrash, daemonHang, floyd, frr, heal, iperf3, link, networkOutage, ovsSwitch,
  parallelRelays, parallelRouters, powerOff, quickOspf, recovered, relayOnPath, scenario,
  vswitchdCrash, vswitchdHang,
} from 'failover-lab';

export default scenario({
  question: 'Does a kill at any moment leave nothing behind and prove nothing wrong?',
  topology: [${parts.topology}],
  ${parts.controller === '' ? '' : `controller: ${parts.controller},`}
  traffic: [iperf3('h1', 'h2', { ${parts.mss}bitrate: '${megabits}Mbit/s' })],
  timeline: [at('1500ms', ${parts.fault}), after(recovered, '100ms', heal())],
  expect: [networkOutage.atMost('${atMost}'), networkOutage.atLeast('${atLeast}')],
  limits: { readyWithin: '60s', cleanFor: '1s', recoverWithin: '${parts.recoverWithin}', sustainedFor: '1s' },
});
`;
}

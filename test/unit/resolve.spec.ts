/** Goal: what a seed decides is decided the same every time, and phases are spread evenly. */
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { LabError } from '../../harness/errors.js';
import * as lab from '../../harness/index.js';
import { parseController } from '../../harness/language/controller-label.js';
import { phaseOfTrial } from '../../harness/language/resolve/phases.js';
import {
  examineScenario,
  type ResolveOptions,
  resolveScenario,
  resolveTrials,
} from '../../harness/language/resolve.js';
import type { Controller } from '../../harness/language/written/controllers.js';
import type { Fault } from '../../harness/language/written/faults.js';
import type { Scenario } from '../../harness/language/written/scenario.js';
import { randomFrom, shuffled, stratifiedPhases, trialSeed } from '../../harness/model/seed.js';

const seeds = fc.integer({ min: 0, max: 2 ** 31 });

function anyRelayScenario(changes: Partial<Scenario> = {}): Scenario {
  return lab.scenario({
    question: 'Which relay does the seed pick?',
    topology: [lab.parallelRelays(4)],
    controller: lab.floyd(),
    traffic: [lab.iperf3('h1', 'h2', { mss: '1400B' })],
    timeline: [
      lab.at('5s', lab.powerOff(lab.anyRelay())),
      lab.after(lab.recovered, '1s', lab.heal()),
    ],
    ...changes,
  });
}

const plan = (options: Partial<ResolveOptions>, changes: Partial<Scenario> = {}) =>
  resolveScenario(anyRelayScenario(changes), { name: 'any', seed: 1, ...options });

const problemsOf = (changes: Partial<Scenario>, options: Partial<ResolveOptions> = {}) =>
  examineScenario(anyRelayScenario(changes), { name: 'any', seed: 1, ...options }).problems;

test('the generator gives the published numbers for its seed', () => {
  const random = randomFrom(1);
  const drawn = Array.from({ length: 3 }, () => random().toFixed(6));
  expect(drawn).toEqual(['0.627074', '0.002736', '0.527447']);
});

test('the same seed gives the same plan', () => {
  fc.assert(
    fc.property(seeds, fc.integer({ min: 0, max: 9 }), (seed, trial) => {
      const options = { seed, trial, trials: 10 };
      expect(plan(options)).toEqual(plan(options));
    }),
    { numRuns: 10 },
  );
});

test('seeds pick every relay between the edges, and only those', () => {
  const picked = new Set(
    Array.from({ length: 40 }, (_, seed) => {
      const action = plan({ seed }).timeline[0]?.action;
      return action?.kind === 'inject' && 'node' in action.fault.target
        ? action.fault.target.node
        : '?';
    }),
  );
  expect([...picked].sort()).toEqual(['r1', 'r2', 'r3', 'r4']);
});

test('each trial falls in a part of the period of its own', () => {
  fc.assert(
    fc.property(seeds, fc.integer({ min: 1, max: 60 }), (seed, trials) => {
      const periodMs = 10_000;
      const phases = stratifiedPhases(seed, trials, periodMs);
      const strata = phases.map(({ stratum }) => stratum).sort((a, b) => a - b);
      const each = strata.every((stratum, index) => stratum === index);
      const width = periodMs / trials;
      const inside = phases.every(
        ({ stratum, offsetMs }) =>
          offsetMs >= stratum * width - 0.001 && offsetMs < (stratum + 1) * width,
      );
      return each && strata.length === trials && inside;
    }),
  );
});

test('the plan uses the phase that the trial is told', () => {
  for (const trial of [0, 3, 9]) {
    const options = { seed: 5, trial, trials: 10 };
    const step = plan(options).timeline[0];
    expect(step?.phase?.offsetMs).toBe(phaseOfTrial(options, 10_000)?.offsetMs);
  }
});

test('trials have seeds of their own, the first the seed of the run', () => {
  expect(trialSeed(7, 0)).toBe(7);
  expect(new Set(Array.from({ length: 50 }, (_, trial) => trialSeed(7, trial))).size).toBe(50);
});

test('shuffling keeps everything', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), seeds, (items, seed) => {
      const sorted = (list: number[]) => [...list].sort((x, y) => x - y).join();
      return sorted(shuffled(items, randomFrom(seed))) === sorted(items);
    }),
  );
});

test('a controller can be exchanged by its label, with options', () => {
  const fast = plan({ controller: 'fast-failover:bfd=10ms*3' });
  expect(fast.controller).toMatchObject({
    label: 'fast-failover:bfd=10ms*3',
    reaction: 'groups',
  });
  expect(fast.topology.bfd).toEqual({ intervalMs: 10, multiplier: 3 });
  expect(fast.periodMs).toBeNull();
  const quick = plan({ controller: 'floyd:decisionEvery=5s' });
  expect(quick.periodMs).toBe(5000);
  expect(plan({ controller: 'floyd-bfd' }).topology.bfd).toEqual({
    intervalMs: 100,
    multiplier: 3,
  });
});

test('a stated phase gives way to a controller that has none', () => {
  const timeline = [lab.at('5s', lab.powerOff('r1'), { phase: '7s' })];
  expect(plan({ controller: 'floyd-bfd' }, { timeline }).timeline[0]?.phase).toBeNull();
  const shorter = plan({ controller: 'floyd:decisionEvery=5s' }, { timeline });
  expect(shorter.timeline[0]?.phase).toEqual({ periodMs: 5000, offsetMs: 2000 });
});

for (const [text, message] of [
  ['flod', "there is no controller 'flod'; did you mean 'floyd'?"],
  ['floyd:decision', "'decision' is not an option of floyd"],
  ['floyd:kind=none', "'kind=none' is not an option of floyd"],
  ['constructor', "there is no controller 'constructor'"],
] as const) {
  test(`--controller ${text} is refused`, () => {
    expect(() => parseController(text)).toThrow(new LabError('WRONG_USE', message));
  });
}

test('an unknown option of a controller is told as in a scenario', () => {
  const problems = problemsOf({}, { controller: 'floyd:decisionEvry=5s' });
  expect(problems.map(({ path }) => path)).toEqual(['controller.decisionEvry']);
});

test('repeated faults are healed in between', () => {
  const every = lab.every('4s', lab.vswitchdCrash('r1'), { times: 3, healAfter: '1s' });
  const { timeline } = plan({}, { timeline: [every] });
  expect(timeline.map(({ id, when }) => [id, when.kind === 'at' ? when.ms : null])).toEqual([
    ['vswitchd-crash', 4000],
    ['heal-vswitchd-crash', 5000],
    ['vswitchd-crash-2', 8000],
    ['heal-vswitchd-crash-2', 9000],
    ['vswitchd-crash-3', 12_000],
    ['heal-vswitchd-crash-3', 13_000],
  ]);
});

test('a fault on several relays is one on each, healed together', () => {
  const timeline = [
    lab.at('5s', lab.powerOff(lab.everyRelayBut('r1', 'r4'))),
    lab.after(lab.injected, '3s', lab.heal()),
  ];
  const steps = plan({}, { timeline }).timeline;
  expect(steps.map(({ id }) => id)).toEqual([
    'power-off',
    'power-off-r3',
    'heal-power-off',
    'heal-power-off-r3',
  ]);
  expect(steps[1]?.action).toMatchObject({ fault: { target: { kind: 'node', node: 'r3' } } });
  const offsets = steps.slice(0, 2).map(({ phase }) => phase?.offsetMs);
  expect(offsets[0]).toBe(offsets[1]);
});

test('events of a heal refer to the heal step', () => {
  const timeline = [
    lab.at('5s', lab.powerOff('r1', { as: 'first' })),
    lab.after(lab.recovered, '1s', lab.heal()),
    lab.after(lab.reverted.from('first'), '2s', lab.powerOff('r2')),
  ];
  expect(plan({}, { timeline }).timeline[2]?.when).toEqual({
    kind: 'after',
    event: 'reverted',
    step: 'heal-first',
    delayMs: 2000,
  });
});

test('contact between hosts brings its own meter', () => {
  const topology = [lab.fullMesh(3, { of: 'relays' })];
  const timeline = [lab.at('5s', lab.powerOff('r3'))];
  const { meters, expectations } = plan(
    {},
    {
      topology,
      timeline,
      expect: [lab.losesContact('h2', 'h3')],
    },
  );
  expect(meters.map(({ id }) => id)).toEqual(['h1-h2', 'h2-h3']);
  expect(expectations[0]).toMatchObject({ of: 'h2-h3', text: 'h2 and h3 lose contact' });
});

const able: NonNullable<ResolveOptions['capabilities']> = {
  netem: true,
  tbf: true,
  htb: true,
  nftIngress: true,
  nftEgress: true,
  bonding: true,
  vlans: true,
  ovsKernelDatapath: false,
  tunDevice: true,
  ovsVersion: '3.1.0',
  iperf3Version: '3.12',
};

const overCable = [
  lab.relays('e1', 'r1'),
  lab.link('h1', 'e1', { loss: '1%', bandwidth: '50Mbit/s' }),
  lab.host('h1'),
  lab.host('h2', { on: 'r1' }),
  lab.gre('e1', 'r1', {
    loss: '1%',
    bandwidth: '50Mbit/s',
    over: lab.cable({ delay: '5ms', loss: '1%', bandwidth: '50Mbit/s' }),
  }),
];

/** No more than the narrowest wire of `overCable` carries. */
const thinTraffic = [lab.iperf3('h1', 'h2', { mss: '1400B', bitrate: '20Mbit/s' })];

test('what the kernel lacks is told with what to do instead', () => {
  const capabilities = { ...able, netem: false };
  const timeline = [lab.at('5s', lab.blackhole(lab.linkOf('e1', 'r1')))];
  const problems = problemsOf(
    { topology: overCable, traffic: thinTraffic, timeline },
    { capabilities },
  );
  expect(problems).toEqual([
    {
      path: 'topology.links[2].delay',
      message: "delay on cable-e1-r1 needs the kernel's sch_netem, which this machine lacks",
      hint: 'remove delay and jitter (loss and bandwidth work without netem), or run on a machine where `modprobe sch_netem` works',
    },
  ]);
});

test('each attribute of a wire needs what really makes it', () => {
  const timeline = [lab.at('5s', lab.vswitchdCrash('r1'))];
  const lacking = (missing: Partial<typeof able>) =>
    problemsOf(
      { topology: overCable, traffic: thinTraffic, timeline },
      { capabilities: { ...able, ...missing } },
    ).map(({ path }) => path);
  expect(lacking({})).toEqual([]);
  // A delayed cable is netem's as a whole; links have tbf; tunnels have filters for both.
  expect(lacking({ tbf: false })).toEqual(['topology.links[0].bandwidth']);
  expect(lacking({ htb: false, nftIngress: false })).toEqual([]);
  expect(lacking({ nftEgress: false })).toEqual([
    'topology.links[0].loss',
    'topology.tunnels[0].loss',
    'topology.tunnels[0].bandwidth',
  ]);
});

test('each kind of fault needs what really makes it', () => {
  const topology = [
    lab.relays('e1', 'r1', 'r2', 'e2'),
    lab.host('h1', { on: 'e1' }),
    lab.host('h2', { on: 'e2' }),
    lab.gre('e1', 'r1', { over: lab.cable() }),
    lab.gre('r1', 'e2', { over: lab.cable() }),
    lab.gre('e1', 'r2'),
    lab.gre('r2', 'e2'),
  ];
  const [cabled, across] = [lab.linkOf('e1', 'r1'), lab.linkOf('e1', 'r2')];
  const missing = (
    fault: Fault,
    lacks: Partial<typeof able>,
    controller: Controller = lab.floyd(),
  ) => {
    const options = { capabilities: { ...able, ...lacks } };
    const found = problemsOf({ topology, controller, timeline: [lab.at('5s', fault)] }, options);
    return found.map(({ message }) => /nftables|sch_\w+/.exec(message)?.[0] ?? message);
  };
  const filters = [
    lab.blackhole(cabled),
    lab.packetLoss(cabled, '5%'),
    lab.largePacketLoss(cabled, { largerThan: '1000B' }),
    lab.bfdPacketLoss(cabled, '100%'),
    lab.rateCollapse(cabled, '1Mbit/s'),
    lab.partition(['e1', 'h1']),
    lab.controlChannelLoss('r1'),
    lab.controlPacketLoss('r1', '30%'),
    lab.cableCut(across),
    lab.flap(cabled, { period: '1s' }),
    lab.flap(across, { period: '1s', by: 'cable-cut' }),
  ];
  for (const fault of filters) {
    expect(missing(fault, { nftEgress: false }), fault.kind).toEqual(['nftables']);
    expect(missing(fault, { netem: false, tbf: false, htb: false }), fault.kind).toEqual([]);
  }
  const nothing = { netem: false, tbf: false, htb: false, nftIngress: false, nftEgress: false };
  const needNothing = [
    lab.powerOff('r1'),
    lab.vswitchdHang('r1'),
    lab.cableCut(cabled),
    lab.flap(cabled, { period: '1s', by: 'cable-cut' }),
    lab.controllerCrash(),
  ];
  for (const fault of needNothing) expect(missing(fault, nothing), fault.kind).toEqual([]);
  // A controller may set a port up again, so a filter keeps the link down; nobody else would.
  const down = [lab.linkDown(cabled), lab.flap(cabled, { period: '1s', by: 'link-down' })];
  for (const fault of down) {
    expect(missing(fault, { nftEgress: false }), fault.kind).toEqual(['nftables']);
    expect(missing(fault, nothing, lab.noController({ spanningTree: 'rstp' })), fault.kind).toEqual(
      [],
    );
  }
  expect(missing(lab.addedDelay(cabled, '5ms'), { netem: false })).toEqual(['sch_netem']);
  expect(missing(lab.controlChannelLoss('r1'), { nftIngress: false })).toEqual(['nftables']);
});

test('what a fault lacks is named by its hook, with a fault that needs less', () => {
  const told = (fault: Fault, lacks: Partial<typeof able>) =>
    problemsOf(
      { topology: overCable, traffic: thinTraffic, timeline: [lab.at('5s', fault)] },
      { capabilities: { ...able, tbf: true, ...lacks } },
    ).filter(({ path }) => path.startsWith('timeline'));
  const link = lab.linkOf('e1', 'r1');
  expect(told(lab.linkDown(link), { nftEgress: false })).toEqual([
    {
      path: 'timeline[0]',
      message:
        'link-down needs nftables with the netdev egress hook (Linux 5.16), which this machine lacks, because the scenario has a controller',
      hint: 'use powerOff(…) or cableCut(…) of a cable, which need no kernel feature',
    },
  ]);
  expect(told(lab.controlChannelLoss('r1'), { nftIngress: false })).toMatchObject([
    {
      message:
        'control-channel-loss needs nftables with the netdev ingress hook (Linux 4.2), which this machine lacks',
    },
  ]);
});

test('a delay does not take the queue that a link has already', () => {
  const timeline = [lab.at('5s', lab.addedDelay(lab.linkOf('e1', 'r1'), '50ms'))];
  expect(
    problemsOf({ topology: overCable, traffic: thinTraffic, timeline }).map(
      ({ message }) => message,
    ),
  ).toEqual([
    "'cable-e1-r1' has a bandwidth, delay or queue of its own, which the fault would replace",
  ]);
});

test('a run without faults must state its length', () => {
  expect(problemsOf({ timeline: [] }).map(({ path }) => path)).toEqual(['timeline']);
  expect(problemsOf({ timeline: [], limits: { duration: '10s' } })).toEqual([]);
});

test('oversize is allowed where it is asked for', () => {
  const traffic = [lab.iperf3('h1', 'h2')];
  expect(problemsOf({ traffic }).map(({ path }) => path)).toEqual(['traffic[0].mss']);
  const { flows, allowOversize } = plan({}, { traffic, allowOversize: true });
  expect([flows[0]?.mssBytes, allowOversize]).toEqual([null, true]);
});

test('no written scenario makes the resolver throw anything but problems', () => {
  fc.assert(
    fc.property(
      fc.anything(),
      fc.constantFrom(
        'topology',
        'controller',
        'traffic',
        'timeline',
        'expect',
        'limits',
        'question',
      ),
      (junk, key) => {
        const written = { ...anyRelayScenario(), [key]: [junk] };
        examineScenario(written, { name: 'junk', seed: 1 });
        examineScenario({ ...written, [key]: junk }, { name: 'junk', seed: 1 });
      },
    ),
    { numRuns: 60 },
  );
});

test('a tunnel is as narrow as the cable below it', () => {
  const thinCable = { over: lab.cable({ bandwidth: '10Mbit/s' }) };
  const topology = [
    lab.relays('e1', 'e2'),
    lab.host('h1', { on: 'e1' }),
    lab.host('h2', { on: 'e2' }),
    lab.gre('e1', 'e2', thinCable),
  ];
  const timeline = [lab.at('5s', lab.blackhole(lab.linkOf('e1', 'e2')))];
  expect(problemsOf({ topology, traffic: thinTraffic, timeline })).toEqual([
    {
      path: 'traffic[0].bitrate',
      message:
        "flow 'tcp-h1-h2' sends 20 Mbit/s, but no path from 'h1' to 'h2' carries more than 10 Mbit/s",
      hint: "write a bitrate of '10Mbit/s' or less, or bitrate: 'unlimited' to use all available bandwidth",
    },
  ]);
});

test('what all trials share is bound once a run', () => {
  const written = anyRelayScenario();
  const plans = resolveTrials(written, { name: 'any', seed: 1, trials: 3 }, [0, 1, 2]);
  expect(new Set(plans.map(({ topology }) => topology)).size).toBe(1);
  plans.forEach((shared, trial) => {
    expect(shared).toEqual(resolveScenario(written, { name: 'any', seed: 1, trials: 3, trial }));
  });
});

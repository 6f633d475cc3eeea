import {
  after,
  at,
  frr,
  heal,
  iperf3,
  networkOutage,
  parallelRouters,
  powerOff,
  quickOspf,
  recovered,
  relayOnPath,
  scenario,
} from 'failover-lab';

export default scenario({
  question: 'How long is traffic dark when a router that carries it loses its power?',
  // h1 – e1 – r1 – e2 – h2, and r2 beside r1, each with FRR's own daemons.
  topology: [
    parallelRouters(2, frr({ ospf: quickOspf, bfd: { interval: '100ms', multiplier: 3 } })),
  ],
  traffic: [iperf3('h1', 'h2', { bitrate: '20Mbit/s' })],
  timeline: [at('2s', powerOff(relayOnPath('h1', 'h2'))), after(recovered, '200ms', heal())],
  // BFD reports the silent router to OSPF after three packets that are missing.
  expect: [networkOutage.atMost('500ms')],
  limits: { readyWithin: '60s', cleanFor: '1s', recoverWithin: '10s', sustainedFor: '1s' },
});

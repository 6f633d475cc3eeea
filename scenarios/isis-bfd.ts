import {
  at,
  frr,
  iperf3,
  networkOutage,
  parallelRouters,
  powerOff,
  relayOnPath,
  scenario,
} from 'failover-lab';

const suite = frr({
  isis: {
    hello: '1s',
    multiplier: 3,
    spf: { delay: '10ms', hold: '50ms', max: '500ms' },
  },
  bfd: { interval: '100ms', multiplier: 3 },
});

export default scenario({
  question: 'How long is traffic dark when a router loses its power and BFD reports it to IS-IS?',
  topology: [parallelRouters(2, suite)],
  traffic: [iperf3('h1', 'h2', { bitrate: '10Mbit/s' })],
  timeline: [at('2s', powerOff(relayOnPath('h1', 'h2')))],
  expect: [networkOutage.atMost('600ms'), networkOutage.atLeast('150ms')],
  // A cold start of IS-IS takes about half a minute.
  limits: { readyWithin: '90s', cleanFor: '1s', recoverWithin: '10s', sustainedFor: '1s' },
});

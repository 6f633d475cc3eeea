import {
  at,
  bird,
  iperf3,
  networkOutage,
  parallelRouters,
  powerOff,
  relayOnPath,
  scenario,
} from 'failover-lab';

const suite = bird({
  bgp: { keepalive: '3s', hold: '9s' },
  bfd: { interval: '100ms', multiplier: 3 },
});

export default scenario({
  question:
    'How long is traffic dark when a router loses its power and BFD reports it to BGP, with BIRD?',
  topology: [parallelRouters(2, suite)],
  traffic: [iperf3('h1', 'h2', { bitrate: '10Mbit/s' })],
  timeline: [at('2s', powerOff(relayOnPath('h1', 'h2')))],
  expect: [networkOutage.atMost('600ms'), networkOutage.atLeast('150ms')],
  limits: { readyWithin: '60s', cleanFor: '1s', recoverWithin: '10s', sustainedFor: '1s' },
});

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

export default scenario({
  question:
    'How long is traffic dark when a router loses its power and only the BGP hold timer detects it?',
  topology: [parallelRouters(2, frr({ bgp: { keepalive: '3s', hold: '9s' } }))],
  traffic: [iperf3('h1', 'h2', { bitrate: '10Mbit/s' })],
  timeline: [at('2s', powerOff(relayOnPath('h1', 'h2')))],
  // Nine seconds of silence, and the last keepalive was up to 3 s ago.
  expect: [networkOutage.atMost('9500ms'), networkOutage.atLeast('5900ms')],
  limits: { readyWithin: '60s', cleanFor: '1s', recoverWithin: '20s', sustainedFor: '1s' },
});

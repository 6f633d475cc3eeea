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
    'How long is traffic dark when a router loses its power and OSPF has its default timers?',
  topology: [parallelRouters(2, frr({ ospf: {} }))],
  traffic: [iperf3('h1', 'h2', { bitrate: '10Mbit/s' })],
  timeline: [at('2s', powerOff(relayOnPath('h1', 'h2')))],
  // Hello 10 s, dead after 40 s: the last hello was up to 10 s ago.
  expect: [networkOutage.atMost('42s'), networkOutage.atLeast('28s')],
  limits: { readyWithin: '90s', cleanFor: '1s', recoverWithin: '60s', sustainedFor: '1s' },
});

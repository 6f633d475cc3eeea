import {
  at,
  frr,
  iperf3,
  networkOutage,
  parallelRouters,
  powerOff,
  quickOspf,
  relayOnPath,
  scenario,
} from 'failover-lab';

const suite = frr({
  ospf: quickOspf,
});

export default scenario({
  question:
    'How long is traffic dark when a router loses its power and OSPF sends a hello every second?',
  topology: [parallelRouters(2, suite)],
  traffic: [iperf3('h1', 'h2', { bitrate: '10Mbit/s' })],
  timeline: [at('2s', powerOff(relayOnPath('h1', 'h2')))],
  // Dead after 4 s of silence, and the last hello was up to 1 s ago.
  expect: [networkOutage.atMost('4200ms'), networkOutage.atLeast('2900ms')],
  limits: { readyWithin: '60s', cleanFor: '1s', recoverWithin: '10s', sustainedFor: '1s' },
});

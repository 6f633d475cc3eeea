import {
  at,
  daemonCrash,
  frr,
  iperf3,
  packetsLost,
  parallelRouters,
  quickOspf,
  scenario,
} from 'failover-lab';

const suite = frr({
  ospf: quickOspf,
});

export default scenario({
  question: 'Is traffic dark when the daemon that sets the routes of a router dies?',
  topology: [parallelRouters(2, suite)],
  traffic: [iperf3('h1', 'h2', { bitrate: '10Mbit/s' })],
  timeline: [at('2s', daemonCrash('r1', 'zebra'))],
  // The kernel keeps its routes.
  expect: [packetsLost.none()],
  limits: { readyWithin: '60s', cleanFor: '1s', recoverWithin: '10s', sustainedFor: '1s' },
});

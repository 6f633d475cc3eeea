import {
  at,
  daemonCrash,
  frr,
  iperf3,
  networkOutage,
  parallelRouters,
  quickOspf,
  scenario,
} from 'failover-lab';

const suite = frr({
  ospf: quickOspf,
});

export default scenario({
  question: 'Is traffic dark when only the OSPF daemon of a router dies?',
  topology: [parallelRouters(2, suite)],
  traffic: [iperf3('h1', 'h2', { bitrate: '10Mbit/s' })],
  timeline: [at('2s', daemonCrash('r1', 'ospfd'))],
  // Its own zebra withdraws the routes at once, while the neighbours wait out the dead interval.
  expect: [networkOutage.atMost('4200ms'), networkOutage.atLeast('2900ms')],
  limits: { readyWithin: '60s', cleanFor: '1s', recoverWithin: '10s', sustainedFor: '1s' },
});

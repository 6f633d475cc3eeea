import {
  at,
  daemonHang,
  frr,
  heal,
  iperf3,
  packetsLost,
  parallelRouters,
  quickOspf,
  routeChanges,
  scenario,
} from 'failover-lab';

const suite = frr({
  ospf: quickOspf,
});

export default scenario({
  question:
    'Is anything lost when the OSPF daemon of a router hangs, and traffic moves away from it?',
  topology: [parallelRouters(2, suite)],
  traffic: [iperf3('h1', 'h2', { bitrate: '10Mbit/s' })],
  timeline: [at('2s', daemonHang('r1', 'ospfd')), at('8s', heal())],
  // The router goes on passing packets while its neighbours miss it and turn to the other one.
  expect: [packetsLost.none(), routeChanges.atLeast(1)],
  limits: { readyWithin: '60s', cleanFor: '1s', recoverWithin: '10s', sustainedFor: '1s' },
});

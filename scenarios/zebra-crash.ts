import {
  after,
  at,
  daemonCrash,
  frr,
  heal,
  injected,
  iperf3,
  packetsLost,
  parallelRouters,
  quickOspf,
  routeChanges,
  scenario,
} from 'failover-lab';

const suite = frr({
  // When the router comes back, others wait until it has routes of its own.
  ospf: { ...quickOspf, stubAtStart: '5s' },
});

export default scenario({
  question: 'Is traffic dark when the daemon that sets the routes of a router dies?',
  topology: [parallelRouters(2, suite)],
  traffic: [iperf3('h1', 'h2', { bitrate: '10Mbit/s' })],
  timeline: [
    at('6s', daemonCrash('r1', 'zebra', { watchdog: '1s' })),
    // Both ways of the traffic have moved back by then.
    after(injected, '10s', heal()),
  ],
  // The kernel keeps its routes; when the watchdog ends ospfd, it takes back what it announced.
  expect: [packetsLost.none(), routeChanges.atLeast(1)],
  limits: { readyWithin: '60s', cleanFor: '1s', recoverWithin: '15s', sustainedFor: '1s' },
});

import {
  after,
  at,
  controllerCrash,
  controllerOutage,
  floyd,
  heal,
  injected,
  iperf3,
  networkOutage,
  parallelRelays,
  scenario,
} from 'failover-lab';

export default scenario({
  question: 'How long are the switches without a master when their controller dies?',
  topology: [parallelRelays(2)],
  // The first instance is the master; the second takes over when it misses three heartbeats.
  controller: floyd({ decisionEvery: '2s', instances: 2, heartbeat: '100ms*3' }),
  traffic: [iperf3('h1', 'h2', { mss: '1400B', bitrate: '20Mbit/s' })],
  timeline: [at('3s', controllerCrash({ instance: 0 })), after(injected, '5s', heal())],
  expect: [networkOutage.none(), controllerOutage.atMost('1s'), controllerOutage.atLeast('100ms')],
  limits: { recoverWithin: '10s', sustainedFor: '2s' },
});

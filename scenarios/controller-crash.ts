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
  question:
    'Does the data plane keep working without its controller, and undisturbed when the controller returns?',
  topology: [parallelRelays(2)],
  controller: floyd({ decisionEvery: '2s' }),
  traffic: [iperf3('h1', 'h2', { mss: '1400B', bitrate: '20Mbit/s' })],
  timeline: [at('3s', controllerCrash()), after(injected, '5s', heal())],
  // Five seconds without a controller, and the time that the new one needs.
  expect: [networkOutage.none(), controllerOutage.atMost('15s')],
  limits: { recoverWithin: '15s', sustainedFor: '2s' },
});

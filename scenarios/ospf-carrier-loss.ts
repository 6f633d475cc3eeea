import {
  after,
  at,
  frr,
  heal,
  iperf3,
  networkOutage,
  parallelRouters,
  powerOff,
  quickOspf,
  recovered,
  relayOnPath,
  scenario,
} from 'failover-lab';

const suite = frr({
  ospf: quickOspf,
});

export default scenario({
  question:
    'How long is traffic dark when a router loses its power and its neighbours lose carrier?',
  topology: [parallelRouters(2, suite, { carrier: 'seen' })],
  traffic: [iperf3('h1', 'h2', { bitrate: '20Mbit/s' })],
  timeline: [at('2s', powerOff(relayOnPath('h1', 'h2'))), after(recovered, '200ms', heal())],
  // Nothing waits for a timer but the computation of new routes: 10 ms.
  expect: [networkOutage.atMost('150ms')],
  limits: { readyWithin: '60s', cleanFor: '1s', recoverWithin: '10s', sustainedFor: '1s' },
});

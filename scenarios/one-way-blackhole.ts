import {
  after,
  at,
  blackhole,
  floyd,
  heal,
  iperf3,
  linkOnPath,
  networkOutage,
  parallelRelays,
  recovered,
  scenario,
} from 'failover-lab';

export default scenario({
  question: 'How long is traffic dark when a link is dead in one direction only?',
  topology: [parallelRelays(2)],
  // BFD brings the session down at both ends when one end hears nothing.
  controller: floyd({ reaction: 'bfd', bfd: '100ms*3' }),
  traffic: [iperf3('h1', 'h2', { mss: '1400B', bitrate: '20Mbit/s' })],
  timeline: [
    at('3s', blackhole(linkOnPath('h1', 'h2'), { direction: 'forward' })),
    after(recovered, '1s', heal()),
  ],
  expect: [networkOutage.atMost('1s')],
  limits: { recoverWithin: '10s', sustainedFor: '2s' },
});

import {
  after,
  at,
  flap,
  floyd,
  heal,
  injected,
  iperf3,
  linkOnPath,
  networkOutage,
  parallelRelays,
  scenario,
} from 'failover-lab';

export default scenario({
  question: 'Does traffic avoid a relay whose link flaps, once it was hit?',
  topology: [parallelRelays(2)],
  // A healed link is left alone for longer than the relay stays up.
  controller: floyd({ reaction: 'bfd', bfd: '100ms*3', hold: '3s' }),
  traffic: [iperf3('h1', 'h2', { mss: '1400B', bitrate: '20Mbit/s' })],
  timeline: [
    at('3s', flap(linkOnPath('h1', 'h2'), { period: '2s', down: '50%' })),
    after(injected, '8s', heal()),
  ],
  expect: [networkOutage.atMost('1s')],
  limits: { recoverWithin: '10s', sustainedFor: '2s' },
});

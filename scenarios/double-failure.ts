import {
  after,
  at,
  floyd,
  heal,
  iperf3,
  networkOutage,
  parallelRelays,
  powerOff,
  recovered,
  relayOnPath,
  scenario,
} from 'failover-lab';

export default scenario({
  question: 'Does traffic survive when the relay that took over dies as well?',
  topology: [parallelRelays(3)],
  controller: floyd({ reaction: 'bfd', bfd: '100ms*3' }),
  traffic: [iperf3('h1', 'h2', { mss: '1400B', bitrate: '20Mbit/s' })],
  timeline: [
    at('3s', powerOff(relayOnPath('h1', 'h2'), { as: 'first' })),
    after(recovered, '1s', powerOff(relayOnPath('h1', 'h2'), { as: 'second' })),
    after(recovered.from('second'), '1s', heal('first')),
    after(recovered.from('second'), '3s', heal('second')),
  ],
  expect: [
    networkOutage.atMost('1s', { after: 'first' }),
    networkOutage.atMost('1s', { after: 'second' }),
  ],
  limits: { recoverWithin: '10s', sustainedFor: '2s' },
});

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
  question: 'How long is traffic dark when a relay loses its power and BFD tells the controller?',
  topology: [parallelRelays(2)],
  controller: floyd({ reaction: 'bfd', bfd: '100ms*3', hold: '500ms' }),
  traffic: [iperf3('h1', 'h2', { mss: '1400B', bitrate: '20Mbit/s' })],
  timeline: [at('2s', powerOff(relayOnPath('h1', 'h2'))), after(recovered, '200ms', heal())],
  expect: [networkOutage.atMost('800ms'), networkOutage.atLeast('100ms')],
  limits: { cleanFor: '1s', recoverWithin: '5s', sustainedFor: '1s' },
});

import {
  after,
  at,
  fastFailover,
  heal,
  iperf3,
  meter,
  networkOutage,
  parallelRelays,
  powerOff,
  recovered,
  relayOnPath,
  scenario,
} from 'failover-lab';

// Other timers: --controller 'fast-failover:bfd=1ms*3,hold=500ms', in virtual time.
export default scenario({
  question:
    'How long is traffic dark when the switches check their tunnels every 10 ms and have a backup path ready?',
  topology: [parallelRelays(2)],
  controller: fastFailover({ bfd: '10ms*3', hold: '500ms' }),
  traffic: [
    iperf3('h1', 'h2', { mss: '1400B', bitrate: '5Mbit/s' }),
    meter('h1', 'h2', { rateHz: 4000 }),
  ],
  timeline: [at('2s', powerOff(relayOnPath('h1', 'h2'))), after(recovered, '200ms', heal())],
  expect: [networkOutage.atMost('60ms')],
  limits: { cleanFor: '1s', recoverWithin: '5s', sustainedFor: '1s' },
});

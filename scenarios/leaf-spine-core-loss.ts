import {
  after,
  at,
  floyd,
  heal,
  iperf3,
  leafSpine,
  meter,
  networkOutage,
  powerOff,
  recovered,
  relayOnPath,
  scenario,
} from 'failover-lab';

export default scenario({
  question: 'Does every pair of leaves recover from the loss of a spine?',
  topology: [leafSpine({ leaves: 3, spines: 2, of: 'relays' })],
  controller: floyd({ reaction: 'bfd', bfd: '100ms*3' }),
  traffic: [
    iperf3('h1', 'h2', { mss: '1400B', bitrate: '20Mbit/s' }),
    meter('h2', 'h3', { rateHz: 200 }),
    meter('h1', 'h3', { rateHz: 200 }),
  ],
  timeline: [at('3s', powerOff(relayOnPath('h1', 'h2'))), after(recovered, '1s', heal())],
  expect: [networkOutage.atMost('1s')],
  limits: { recoverWithin: '10s', sustainedFor: '2s' },
});

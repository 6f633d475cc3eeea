import {
  after,
  at,
  floyd,
  heal,
  iperf3,
  networkOutage,
  parallelRelays,
  recovered,
  relayOnPath,
  scenario,
  vswitchdHang,
} from 'failover-lab';

export default scenario({
  question: 'Does the controller detect a relay that hangs with every connection still open?',
  topology: [parallelRelays(2)],
  controller: floyd({ reaction: 'timeout', probeEvery: '300ms' }),
  traffic: [iperf3('h1', 'h2', { mss: '1400B', bitrate: '20Mbit/s' })],
  timeline: [at('3s', vswitchdHang(relayOnPath('h1', 'h2'))), after(recovered, '1s', heal())],
  expect: [networkOutage.atMost('3s')],
  limits: { recoverWithin: '15s', sustainedFor: '2s' },
});

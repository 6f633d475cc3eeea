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
  question: 'Who detects a link that loses everything and stays up?',
  topology: [parallelRelays(2)],
  controller: floyd({ reaction: 'timeout', probeEvery: '300ms' }),
  traffic: [iperf3('h1', 'h2', { mss: '1400B', bitrate: '20Mbit/s' })],
  timeline: [at('3s', blackhole(linkOnPath('h1', 'h2'))), after(recovered, '1s', heal())],
  expect: [networkOutage.atMost('3s')],
  limits: { recoverWithin: '15s', sustainedFor: '2s' },
});

import {
  after,
  at,
  controlChannelLoss,
  floyd,
  heal,
  injected,
  iperf3,
  networkOutage,
  parallelRelays,
  relayOnPath,
  scenario,
} from 'failover-lab';

export default scenario({
  question: 'Does a relay that lost its controller keep carrying traffic?',
  topology: [parallelRelays(2)],
  controller: floyd({ decisionEvery: '2s' }),
  traffic: [iperf3('h1', 'h2', { mss: '1400B', bitrate: '20Mbit/s' })],
  timeline: [at('3s', controlChannelLoss(relayOnPath('h1', 'h2'))), after(injected, '6s', heal())],
  expect: [networkOutage.atMost('1s')],
  limits: { recoverWithin: '15s', sustainedFor: '2s' },
});

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
  vswitchdCrash,
} from 'failover-lab';

export default scenario({
  question: 'How long is traffic dark when the switch process of a relay crashes?',
  topology: [parallelRelays(2)],
  // Its own probes tell this controller about dead links between two decisions.
  controller: floyd({ reaction: 'timeout', probeEvery: '300ms' }),
  traffic: [iperf3('h1', 'h2', { mss: '1400B', bitrate: '20Mbit/s' })],
  timeline: [at('3s', vswitchdCrash(relayOnPath('h1', 'h2'))), after(recovered, '1s', heal())],
  expect: [networkOutage.atMost('3s')],
  limits: { recoverWithin: '15s', sustainedFor: '2s' },
});

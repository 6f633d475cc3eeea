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
  question: 'Does failover over VXLAN tunnels differ from failover over GRE?',
  topology: [parallelRelays(2, { tunnel: 'vxlan', tunnelOptions: { key: 42 } })],
  controller: floyd({ decisionEvery: '2s' }),
  traffic: [iperf3('h1', 'h2', { mss: '1400B', bitrate: '20Mbit/s' })],
  timeline: [at('3s', powerOff(relayOnPath('h1', 'h2'))), after(recovered, '1s', heal())],
  expect: [networkOutage.atMost('5s')],
  limits: { recoverWithin: '15s', sustainedFor: '2s' },
});

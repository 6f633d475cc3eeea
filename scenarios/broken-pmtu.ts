import {
  after,
  at,
  floyd,
  heal,
  injected,
  iperf3,
  keepsContact,
  largePacketLoss,
  linkOnPath,
  parallelRelays,
  scenario,
  tcpStall,
} from 'failover-lab';

export default scenario({
  question: 'Ping works and TCP stalls: what happens when only large packets are lost?',
  topology: [parallelRelays(2)],
  controller: floyd({ decisionEvery: '5s' }),
  traffic: [iperf3('h1', 'h2', { mss: '1400B', bitrate: '20Mbit/s' })],
  timeline: [
    at('3s', largePacketLoss(linkOnPath('h1', 'h2'), { largerThan: '1000B' }), { phase: 'any' }),
    after(injected, '5s', heal()),
  ],
  expect: [keepsContact('h1', 'h2'), tcpStall.atLeast('4s')],
  limits: { recoverWithin: '15s', sustainedFor: '2s' },
});

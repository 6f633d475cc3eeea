import {
  after,
  at,
  floyd,
  heal,
  injected,
  iperf3,
  keepsContact,
  linkOnPath,
  lossWhileFaulty,
  packetLoss,
  parallelRelays,
  scenario,
} from 'failover-lab';

export default scenario({
  question: 'What does a link cost that loses one packet in twenty and is never declared dead?',
  topology: [parallelRelays(2)],
  controller: floyd({ decisionEvery: '10s' }),
  traffic: [iperf3('h1', 'h2', { mss: '1400B', bitrate: '20Mbit/s' })],
  timeline: [
    // Right after a decision, so that the next one comes after the heal.
    at('3s', packetLoss(linkOnPath('h1', 'h2'), '5%'), { phase: '1s' }),
    after(injected, '6s', heal()),
  ],
  expect: [lossWhileFaulty.atLeast('2%'), lossWhileFaulty.atMost('15%'), keepsContact('h1', 'h2')],
  limits: { recoverWithin: '10s', sustainedFor: '2s' },
});

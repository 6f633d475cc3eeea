import {
  after,
  at,
  floyd,
  fullMesh,
  heal,
  injected,
  iperf3,
  keepsContact,
  losesContact,
  meter,
  partition,
  scenario,
} from 'failover-lab';

export default scenario({
  question: 'Does each half of a divided network keep working, and do the halves rejoin?',
  topology: [fullMesh(4, { of: 'relays' })],
  controller: floyd({ decisionEvery: '2s' }),
  traffic: [
    iperf3('h1', 'h2', { mss: '1400B', bitrate: '20Mbit/s' }),
    meter('h1', 'h3', { rateHz: 200 }),
    meter('h3', 'h4', { rateHz: 200 }),
  ],
  timeline: [at('3s', partition(['r1', 'r2', 'h1', 'h2'])), after(injected, '5s', heal())],
  expect: [keepsContact('h1', 'h2'), keepsContact('h3', 'h4'), losesContact('h1', 'h3')],
  limits: { recoverWithin: '10s', sustainedFor: '2s' },
});

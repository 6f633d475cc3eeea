import {
  at,
  heal,
  linkDown,
  linkOf,
  meter,
  networkOutage,
  osken,
  ring,
  scenario,
} from 'failover-lab';

export default scenario({
  question: 'The same flows under a meter so sparse that they expire between its probes.',
  topology: [ring(4)],
  controller: osken(['./l2idle_app.py'], [], { spanningTree: 'rstp' }),
  traffic: [meter('h1', 'h3', { rateHz: 0.2 })],
  timeline: [at('12s', linkDown(linkOf('s1', 's2'))), at('60s', heal())],
  expect: [networkOutage.atMost('40s')],
  limits: { readyWithin: '60s', recoverWithin: '45s', sustainedFor: '15s' },
});

import {
  at,
  heal,
  linkDown,
  linkOnPath,
  meter,
  networkOutage,
  osken,
  ring,
  scenario,
} from 'failover-lab';

export default scenario({
  question: 'The same flows under a meter that lets them expire: traffic moves by itself.',
  topology: [ring(4)],
  controller: osken(['./l2idle_app.py'], [], { spanningTree: 'rstp' }),
  traffic: [meter('h1', 'h3', { rateHz: 0.2 })],
  timeline: [at('12s', linkDown(linkOnPath('h1', 'h3'))), at('60s', heal())],
  expect: [networkOutage.atMost('40s')],
  limits: { readyWithin: '60s', recoverWithin: '45s', sustainedFor: '15s' },
});

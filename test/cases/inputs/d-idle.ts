import {
  at,
  heal,
  iperf3,
  linkDown,
  linkOnPath,
  networkOutage,
  osken,
  ring,
  scenario,
} from 'failover-lab';
export default scenario({
  question: 'Flows with an idle timeout of 3 s that nobody deletes: does traffic ever move?',
  topology: [ring(4)],
  controller: osken(['./l2idle_app.py'], [], { spanningTree: 'rstp' }),
  traffic: [iperf3('h1', 'h3', { bitrate: '2Mbit/s' })],
  timeline: [at('4s', linkDown(linkOnPath('h1', 'h3'))), at('34s', heal())],
  expect: [networkOutage.atMost('20s')],
  limits: { readyWithin: '60s', recoverWithin: '29s', sustainedFor: '2s' },
});

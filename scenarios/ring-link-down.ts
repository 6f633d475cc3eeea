import {
  after,
  at,
  heal,
  iperf3,
  linkDown,
  linkOnPath,
  networkOutage,
  noController,
  recovered,
  ring,
  scenario,
} from 'failover-lab';

export default scenario({
  question: 'How long does the rapid spanning tree need when a link of a ring goes down?',
  topology: [ring(4)],
  controller: noController({ spanningTree: 'rstp' }),
  traffic: [iperf3('h1', 'h3', { bitrate: '20Mbit/s' })],
  timeline: [at('3s', linkDown(linkOnPath('h1', 'h3'))), after(recovered, '1s', heal())],
  expect: [networkOutage.atMost('10s')],
  limits: { recoverWithin: '20s', sustainedFor: '2s' },
});

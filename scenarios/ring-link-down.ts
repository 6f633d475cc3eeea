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
  // A spanning tree in the controller, put in with --controller, waits its timers out: 30 s and more.
  limits: { readyWithin: '60s', recoverWithin: '45s', sustainedFor: '2s' },
});

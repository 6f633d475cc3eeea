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
  question: 'How long is traffic dark when a link of the ring that carries it goes down?',
  // Three switches in a circle, each with a host: h1 on s1, h2 on s2, h3 on s3.
  topology: [ring(3)],
  // Without a controller the switches learn addresses, and RSTP breaks the loop.
  controller: noController({ spanningTree: 'rstp' }),
  traffic: [iperf3('h1', 'h2', { bitrate: '20Mbit/s' })],
  timeline: [at('2s', linkDown(linkOnPath('h1', 'h2'))), after(recovered, '1s', heal())],
  expect: [networkOutage.atMost('3s')],
  limits: { readyWithin: '60s', cleanFor: '1s', recoverWithin: '20s', sustainedFor: '1s' },
});

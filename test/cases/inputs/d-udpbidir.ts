import {
  at,
  heal,
  iperf3,
  linkDown,
  linkOnPath,
  networkOutage,
  noController,
  packetsLost,
  ring,
  scenario,
} from 'failover-lab';
export default scenario({
  question: 'UDP both ways, four streams, small datagrams, across a ring with RSTP.',
  topology: [ring(4)],
  controller: noController({ spanningTree: 'rstp' }),
  traffic: [
    iperf3('h1', 'h3', {
      id: 'u',
      protocol: 'udp',
      bidirectional: true,
      parallel: 4,
      length: '200B',
      bitrate: '4Mbit/s',
    }),
    iperf3('h2', 'h4', { id: 'r', reverse: true, parallel: 3, bitrate: '6Mbit/s' }),
    iperf3('h4', 'h1', { id: 'b', bidirectional: true, bitrate: '4Mbit/s', interval: '1s' }),
  ],
  timeline: [at('4s', linkDown(linkOnPath('h1', 'h3'))), at('14s', heal())],
  expect: [networkOutage.atMost('10s'), packetsLost.atMost(100000, { of: 'u' })],
  limits: { readyWithin: '60s', recoverWithin: '30s', sustainedFor: '2s' },
});

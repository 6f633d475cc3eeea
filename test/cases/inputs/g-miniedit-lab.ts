import {
  at,
  heal,
  iperf3,
  linkDown,
  linkOnPath,
  mininetTopology,
  networkOutage,
  noController,
  scenario,
} from 'failover-lab';
export default scenario({
  question: 'Mininet file miniedit.py, topology lab.',
  topology: [mininetTopology('./mininet/miniedit.py', 'lab')],
  controller: noController({ spanningTree: 'rstp' }),
  traffic: [iperf3('h1', 'h2', { bitrate: '5Mbit/s' })],
  timeline: [at('3s', linkDown(linkOnPath('h1', 'h2'))), at('6s', heal())],
  expect: [networkOutage.atMost('10s')],
  limits: { cleanFor: '1s', sustainedFor: '1s', recoverWithin: '15s', duration: '40s' },
});

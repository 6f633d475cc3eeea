import {
  at,
  command,
  heal,
  iperf3,
  linkDown,
  linkOf,
  mininetTopology,
  networkOutage,
  scenario,
} from 'failover-lab';
export default scenario({
  question:
    'A Mininet file with port numbers chosen by hand, and a controller that relies on them.',
  topology: [mininetTopology('./mininet/ports.py', 'ports')],
  controller: command(['./run_osken.sh', '{port}', 'MATCH=port']),
  traffic: [iperf3('h1', 'h2', { bitrate: '10Mbit/s' })],
  timeline: [at('3s', linkDown(linkOf('s1', 's2'))), at('6s', heal())],
  expect: [networkOutage.atMost('200ms')],
  limits: { readyWithin: '15s', recoverWithin: '15s', sustainedFor: '2s' },
});

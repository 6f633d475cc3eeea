import {
  at,
  command,
  heal,
  host,
  iperf3,
  link,
  linkDown,
  networkOutage,
  scenario,
  switches,
  tcpStall,
} from 'failover-lab';
export default scenario({
  question: 'Port numbers fixed in the controller: ecmp-watch.',
  topology: [
    switches('s1', 's2', 's3'),
    host('h1', { address: '10.0.0.1/24', on: 's1' }),
    host('h2', { address: '10.0.0.2/24', on: 's2' }),
    link('s1', 's2', { id: 'main' }),
    link('s1', 's3', { id: 'b1' }),
    link('s3', 's2', { id: 'b2' }),
  ],
  controller: command(['./run_osken.sh', '{port}', 'GROUP=select', 'WATCH=yes']),
  traffic: [iperf3('h1', 'h2', { bitrate: '16Mbit/s', parallel: 8 })],
  timeline: [at('3s', linkDown('main')), at('8s', heal())],
  expect: [networkOutage.atMost('200ms'), tcpStall.atMost('2s')],
  limits: { readyWithin: '20s', recoverWithin: '15s', sustainedFor: '2s' },
});

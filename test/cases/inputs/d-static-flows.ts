import {
  at,
  heal,
  host,
  iperf3,
  link,
  linkDown,
  networkOutage,
  scenario,
  staticFlows,
  switches,
} from 'failover-lab';

export default scenario({
  question: 'Fast-failover groups written with ovs-ofctl when the switches are there.',
  topology: [
    switches('s1', 's2'),
    host('h1', { address: '10.0.0.1/24', on: 's1' }),
    host('h2', { address: '10.0.0.2/24', on: 's2' }),
    link('s1', 's2', { id: 'main' }),
    link('s1', 's2', { id: 'backup' }),
  ],
  controller: staticFlows(['./sflows.sh', '0', 'any'], { readyWhen: 'installed' }),
  traffic: [iperf3('h1', 'h2', { bitrate: '10Mbit/s' })],
  timeline: [at('3s', linkDown('main')), at('6s', heal())],
  expect: [networkOutage.atMost('200ms')],
  limits: { readyWithin: '20s', recoverWithin: '15s', sustainedFor: '2s' },
});

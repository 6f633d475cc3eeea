// a host at two switches
import {
  at,
  heal,
  host,
  iperf3,
  link,
  linkDown,
  linkOf,
  networkOutage,
  noController,
  ovsSwitch,
  scenario,
} from 'failover-lab';
export default scenario({
  question: 'A server with two network cards at two switches.',
  topology: [
    ovsSwitch('s1'),
    ovsSwitch('s2'),
    link('s1', 's2'),
    host('h1', { address: '10.1.0.1/24', on: 's1' }),
    host('h2', { address: '10.1.0.2/24' }),
    link('h2', 's1'),
    link('h2', 's2'),
  ],
  controller: noController({ spanningTree: 'rstp' }),
  traffic: [iperf3('h1', 'h2', { bitrate: '5Mbit/s' })],
  timeline: [at('3s', linkDown(linkOf('h2', 's1'))), at('6s', heal())],
  expect: [networkOutage.atMost('10s')],
  limits: { recoverWithin: '15s', sustainedFor: '2s' },
});

// no relay, no tunnel: there is no fabric that a host's subnet could overlap
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
  question: 'A plain network of 172.16.0.0/12.',
  topology: [
    ovsSwitch('s1'),
    ovsSwitch('s2'),
    link('s1', 's2'),
    host('h1', { address: '172.16.0.100/12', on: 's1' }),
    host('h2', { address: '172.16.0.101/12', on: 's2' }),
  ],
  controller: noController(),
  traffic: [iperf3('h1', 'h2', { bitrate: '5Mbit/s' })],
  timeline: [at('3s', linkDown(linkOf('s1', 's2'))), at('5s', heal())],
  expect: [networkOutage.atMost('3s')],
});

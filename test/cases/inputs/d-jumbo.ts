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
  question: 'Jumbo frames end to end.',
  topology: [
    ovsSwitch('s1'),
    ovsSwitch('s2'),
    link('s1', 's2', { mtu: '9000B' }),
    host('h1'),
    host('h2'),
    link('h1', 's1', { mtu: '9000B' }),
    link('h2', 's2', { mtu: '9000B' }),
  ],
  controller: noController(),
  traffic: [iperf3('h1', 'h2', { bitrate: '50Mbit/s' })],
  timeline: [at('3s', linkDown(linkOf('s1', 's2'))), at('5s', heal())],
  expect: [networkOutage.atMost('3s')],
});

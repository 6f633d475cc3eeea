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
  scenario,
  switches,
} from 'failover-lab';
export default scenario({
  question: 'Two cables between the same neighbours; the fault names the neighbours.',
  topology: [
    switches('s1', 's2'),
    link('s1', 's2'),
    link('s1', 's2'),
    host('h1', { on: 's1' }),
    host('h2', { on: 's2' }),
  ],
  controller: noController({ spanningTree: 'rstp' }),
  traffic: [iperf3('h1', 'h2', { bitrate: '5Mbit/s' })],
  timeline: [at('3s', linkDown(linkOf('s1', 's2'))), at('10s', heal())],
  expect: [networkOutage.atMost('10s')],
});

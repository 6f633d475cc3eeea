import {
  at,
  bond,
  host,
  iperf3,
  link,
  linkDown,
  linkOf,
  networkOutage,
  scenario,
  switches,
  tcpStall,
} from 'failover-lab';

export default scenario({
  question: 'How long is traffic dark when the active link of a bond across two switches is cut?',
  topology: [
    switches('s1', 's2', 's3'),
    host('h1'),
    bond('h1', ['s1', 's2'], { primary: 's1', miimon: '100ms' }),
    link('s1', 's3'),
    link('s2', 's3'),
    host('h2', { on: 's3' }),
  ],
  traffic: [iperf3('h1', 'h2', { bitrate: '20Mbit/s' })],
  timeline: [at('2s', linkDown(linkOf('h1', 's1')))],
  // The carrier is looked at every 100 ms. On the kernel's datapath Open vSwitch may then need another
  // 500 ms (max-revalidator) until s3 sends to the other switch.
  expect: [networkOutage.atMost('700ms'), tcpStall.atMost('1500ms')],
  limits: { cleanFor: '1s', recoverWithin: '10s', sustainedFor: '1s' },
});

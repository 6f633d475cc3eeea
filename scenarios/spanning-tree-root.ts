import {
  at,
  host,
  iperf3,
  link,
  linuxBridge,
  networkOutage,
  noController,
  powerOff,
  scenario,
} from 'failover-lab';

// The shortest times that Linux takes: what was blocked forwards after twice the delay.
const tree = { stp: true, forwardDelay: '2s', maxAge: '6s' } as const;

export default scenario({
  question: 'How long does a triangle of Linux bridges need when the root of its tree dies?',
  topology: [
    linuxBridge('b1', { ...tree, priority: 8192 }),
    linuxBridge('b2', tree),
    linuxBridge('b3', { ...tree, priority: 4096 }),
    host('h1', { on: 'b1' }),
    host('h2', { on: 'b2' }),
    link('b1', 'b2'),
    link('b1', 'b3'),
    link('b2', 'b3'),
  ],
  controller: noController(),
  traffic: [iperf3('h1', 'h2', { bitrate: '20Mbit/s' })],
  timeline: [at('2s', powerOff('b3'))],
  expect: [networkOutage.atMost('8s')],
  limits: { sustainedFor: '2s' },
});

import {
  at,
  gateway,
  host,
  iperf3,
  link,
  linuxBridge,
  networkOutage,
  powerOff,
  scenario,
} from 'failover-lab';

export default scenario({
  question: 'How long is traffic dark when the master of two gateways loses its power?',
  topology: [
    gateway('g1', { advert: '100ms' }),
    gateway('g2', { advert: '100ms' }),
    linuxBridge('lan'),
    linuxBridge('wan'),
    ...['g1', 'g2'].flatMap((name) => [link(name, 'lan'), link(name, 'wan')]),
    host('h1', { on: 'lan' }),
    host('h2', { on: 'wan' }),
  ],
  traffic: [iperf3('h1', 'h2', { bitrate: '10Mbit/s' })],
  timeline: [at('2s', powerOff('g1'))],
  // Three advertisements and the skew of the backup's priority: 0.32 s after the last one.
  expect: [networkOutage.atMost('500ms'), networkOutage.atLeast('150ms')],
  limits: { readyWithin: '30s', cleanFor: '1s', recoverWithin: '10s', sustainedFor: '1s' },
});

import {
  after,
  at,
  floyd,
  gre,
  heal,
  host,
  iperf3,
  networkOutage,
  powerOff,
  recovered,
  relays,
  reversionOutage,
  scenario,
} from 'failover-lab';

export default scenario({
  question: 'What does it cost to move traffic back when the better relay has returned?',
  topology: [
    relays('e1', 'e2', 'near', 'far'),
    host('h1', { on: 'e1' }),
    host('h2', { on: 'e2' }),
    gre('e1', 'near', { cost: '1ms' }),
    gre('e2', 'near', { cost: '1ms' }),
    gre('e1', 'far', { cost: '5ms' }),
    gre('e2', 'far', { cost: '5ms' }),
  ],
  controller: floyd({ reaction: 'bfd', bfd: '100ms*3', hold: '1s' }),
  traffic: [iperf3('h1', 'h2', { mss: '1400B', bitrate: '20Mbit/s' })],
  timeline: [at('3s', powerOff('near')), after(recovered, '1s', heal())],
  expect: [networkOutage.atMost('1s'), reversionOutage.atMost('100ms')],
  limits: { recoverWithin: '10s', sustainedFor: '3s' },
});

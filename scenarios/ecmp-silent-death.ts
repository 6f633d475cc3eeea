import {
  after,
  at,
  darkFlows,
  frr,
  heal,
  meter,
  networkOutage,
  parallelRouters,
  powerOff,
  quickOspf,
  recovered,
  scenario,
} from 'failover-lab';

const suite = frr({
  ospf: quickOspf,
  bfd: { interval: '100ms', multiplier: 3 },
  paths: 2,
});

export default scenario({
  question: 'How many of 40 flows over two equal ways are dark when a router loses its power?',
  topology: [parallelRouters(2, suite, { equal: true })],
  // Each flow has its own ports, by which routers choose its way, and 100 probes a second.
  traffic: [meter('h1', 'h2', { rateHz: 4000, flows: 40 })],
  timeline: [at('2s', powerOff('r1')), after(recovered, '200ms', heal())],
  // Each direction of a flow goes one of two ways, whatever the other one does.
  expect: [darkFlows.atLeast(5), darkFlows.atMost(35), networkOutage.atMost('500ms')],
  limits: { readyWithin: '60s', cleanFor: '1s', recoverWithin: '10s', sustainedFor: '1s' },
});

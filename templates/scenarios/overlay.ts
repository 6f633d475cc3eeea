import {
  after,
  at,
  floyd,
  heal,
  iperf3,
  networkOutage,
  parallelRelays,
  powerOff,
  recovered,
  relayOnPath,
  scenario,
} from 'failover-lab';

export default scenario({
  question: 'How long is traffic dark when the relay that carries it loses its power?',
  // h1 – e1 – r1 – e2 – h2, and r2 beside r1. GRE tunnels join the relays.
  topology: [parallelRelays(2)],
  // BFD sends a packet every 50 ms, and after three that are missing the controller is notified.
  controller: floyd({ reaction: 'bfd', bfd: '50ms*3' }),
  traffic: [iperf3('h1', 'h2', { mss: '1400B', bitrate: '20Mbit/s' })],
  timeline: [at('2s', powerOff(relayOnPath('h1', 'h2'))), after(recovered, '200ms', heal())],
  expect: [networkOutage.atMost('400ms')],
  limits: { cleanFor: '1s', recoverWithin: '10s', sustainedFor: '1s' },
});

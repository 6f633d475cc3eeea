import {
  after,
  at,
  fabric,
  floyd,
  gre,
  heal,
  host,
  iperf3,
  networkOutage,
  powerOff,
  recovered,
  relayOnPath,
  relays,
  reversionOutage,
  scenario,
  tcpStall,
} from 'failover-lab';

export default scenario({
  question: 'How long is traffic dark when the relay that carries it loses its power?',
  topology: [
    relays('e3', 'r1', 'r2', 'e4'),
    host('h3', { address: '10.99.0.3/24', on: 'e3' }),
    host('h4', { address: '10.99.0.4/24', on: 'e4' }),
    gre('e3', 'r1'),
    gre('e3', 'r2'),
    gre('e4', 'r1'),
    gre('e4', 'r2'),
    fabric({ mtu: '1500B' }),
  ],
  controller: floyd({ decisionEvery: '10s' }),
  // Half of what two cores carry through three userspace switches: they must not be the bottleneck.
  traffic: [iperf3('h4', 'h3', { mss: '1400B', bitrate: '50Mbit/s', interval: '0.1s' })],
  // The moment within the controller's ten seconds comes from the seed.
  timeline: [at('5s', powerOff(relayOnPath('h4', 'h3'))), after(recovered, '5s', heal())],
  expect: [networkOutage.atMost('11s'), tcpStall.atMost('20s'), reversionOutage.atMost('1s')],
  limits: { recoverWithin: '20s', sustainedFor: '5s', duration: '75s' },
});

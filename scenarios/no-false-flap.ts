import { fastFailover, iperf3, meter, networkOutage, parallelRelays, scenario } from 'failover-lab';

// A BFD session that goes down makes the trial invalid, even when no packet is lost. Below 10 ms in
// virtual time: --clock virtual --controller 'fast-failover:bfd=1ms*3,hold=500ms'.
export default scenario({
  question: 'Does BFD every 10 ms report a failure in a minute in which nothing fails?',
  topology: [parallelRelays(2)],
  controller: fastFailover({ bfd: '10ms*3', hold: '500ms' }),
  traffic: [
    iperf3('h1', 'h2', { mss: '1400B', bitrate: '1Mbit/s' }),
    meter('h1', 'h2', { rateHz: 200 }),
  ],
  timeline: [],
  expect: [networkOutage.none()],
  limits: { duration: '60s' },
});

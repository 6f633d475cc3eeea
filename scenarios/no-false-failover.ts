import { flowChanges, floyd, iperf3, networkOutage, parallelRelays, scenario } from 'failover-lab';

export default scenario({
  question:
    'Does a detector with ten probes a second report a false failure in a minute of clean traffic?',
  topology: [parallelRelays(2)],
  controller: floyd({ reaction: 'timeout', probeEvery: '100ms', probeMultiplier: 3 }),
  traffic: [iperf3('h1', 'h2', { mss: '1400B', bitrate: '20Mbit/s' })],
  timeline: [],
  // A false alarm moves flows. A hole shorter than a probe interval is a queue that overflowed.
  expect: [flowChanges.none(), networkOutage.atMost('100ms')],
  limits: { duration: '60s' },
});

import {
  at,
  command,
  heal,
  iperf3,
  linkDown,
  linkOf,
  mininetTopology,
  scenario,
} from 'failover-lab';
export default scenario({
  question: 'What becomes of stp=True, failMode and protocols stated in a Mininet file?',
  topology: [mininetTopology('./mininet/ring_opts.py', 'prefix')],
  controller: command(['./show.sh', '{port}', 's1', 's2'], { readyWhen: 'installed' }),
  traffic: [iperf3('h1', 'h2', { bitrate: '5Mbit/s' })],
  timeline: [at('3s', linkDown(linkOf('s1', 's2'))), at('5s', heal())],
  limits: { readyWithin: '3s', recoverWithin: '10s' },
});

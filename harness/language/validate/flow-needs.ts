/** What flows ask of iperf3 and of the kernel's sockets. */
import type { Capabilities } from '../../model/capabilities.js';
import type { ResolvedFlow } from '../../model/resolved.js';
import { atLeast } from '../../model/version.js';
import { joinPath, type Problem } from '../problems.js';

/** It brought --rcv-timeout, without which an outage of two minutes ends a flow. */
const oldestIperf3 = [3, 10] as const;

/** Everything that is missing, each with what to do instead. */
export function checkFlowNeeds(flows: readonly ResolvedFlow[], has: Capabilities): Problem[] {
  if (flows.length === 0) return [];
  const { iperf3Version: version } = has;
  if (version === null) {
    const hint = 'apt-get install iperf3';
    return [{ path: 'traffic', message: 'iperf3 is not installed', hint }];
  }
  const problems = flows.flatMap((flow, index) => [
    ...checkCongestion(flow, index, has),
    ...checkWindow(flow, index, has),
  ]);
  if (atLeast(version, ...oldestIperf3)) return problems;
  const oldest = oldestIperf3.join('.');
  const message = `iperf3 ${version} lacks --rcv-timeout, which flows need; it came with ${oldest}`;
  return [
    { path: 'traffic', message, hint: `install iperf3 ${oldest} or later (Debian 12 has 3.12)` },
    ...problems,
  ];
}

function checkCongestion(flow: ResolvedFlow, index: number, has: Capabilities): Problem[] {
  const { id, congestion } = flow;
  const { congestionControls: known } = has;
  if (congestion === undefined || known === undefined || known.includes(congestion)) return [];
  const message = `flow '${id}' asks for '${congestion}', which this kernel does not have loaded; it has ${known.join(', ')}`;
  const hint = `write one of ${known.join(', ')}, or run modprobe tcp_${congestion} (in real time)`;
  return [{ path: joinPath('flows', [index, 'congestion']), message, hint }];
}

function checkWindow(flow: ResolvedFlow, index: number, has: Capabilities): Problem[] {
  const { id, windowBytes } = flow;
  const { socketBufferMaxBytes: most } = has;
  if (windowBytes === undefined || most === undefined || windowBytes <= most) return [];
  const message = `flow '${id}' asks for buffers of ${windowBytes} bytes, but this kernel grants ${most} (twice net.core.rmem_max or wmem_max), and iperf3 does not run with less`;
  const hint = `write window: '${most}B' or less, or raise net.core.rmem_max and net.core.wmem_max`;
  return [{ path: joinPath('flows', [index, 'window']), message, hint }];
}

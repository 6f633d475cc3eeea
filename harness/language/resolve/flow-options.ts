/** Binds the options of a flow that are handed on to iperf3, and notes what has no effect. */
import type { ResolvedFlow } from '../../model/resolved.js';
import { formatDuration, writtenDuration } from '../../model/units.js';
import { joinPath, type Problems } from '../problems.js';
import type { ReadFlow } from '../schema/traffic.js';

type FurtherOptions = Pick<
  ResolvedFlow,
  'congestion' | 'omitMs' | 'windowBytes' | 'dscp' | 'zerocopy'
>;

/** Only those that were written: what is left out is iperf3's and the kernel's own. */
export function furtherOptions(part: ReadFlow): FurtherOptions {
  const { congestion, omit, window, dscp, zerocopy } = part;
  return {
    ...(congestion === undefined ? {} : { congestion }),
    ...(omit === undefined ? {} : { omitMs: omit }),
    ...(window === undefined ? {} : { windowBytes: window }),
    ...(dscp === undefined ? {} : { dscp }),
    ...(zerocopy ? { zerocopy } : {}),
  };
}

/** @param lengthBytes Of a datagram; null for TCP. */
export function checkFurtherOptions(
  part: ReadFlow,
  lengthBytes: number | null,
  path: string,
  problems: Problems,
): void {
  const note = (key: string, message: string, hint: string) =>
    problems.add(joinPath(path, [key]), message, hint);
  const { congestion, zerocopy, window, omit, start, stop, interval } = part;
  if (part.protocol === 'udp') {
    const hint = (key: string) => `leave ${key} out, or write protocol: 'tcp'`;
    if (congestion !== undefined) {
      note('congestion', `'${congestion}' has no effect on UDP`, hint('congestion'));
    }
    // iperf3 accepts it, and sends the datagrams as without.
    if (zerocopy) note('zerocopy', 'true has no effect on UDP', hint('zerocopy'));
  }
  if (window !== undefined && lengthBytes !== null && window < lengthBytes) {
    const message = `a buffer of ${window} bytes does not hold a datagram of ${lengthBytes} bytes`;
    note('window', message, `write window: '${lengthBytes}B' or more`);
  }
  if (omit !== undefined && stop !== undefined && stop < start + omit + interval) {
    const message = `the flow stops at ${formatDuration(stop)}, and the rows until ${formatDuration(start + omit)} are omitted: none would count`;
    note('omit', message, `write stop: '${writtenDuration(start + omit + interval)}' or later`);
  }
}

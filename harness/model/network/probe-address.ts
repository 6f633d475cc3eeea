/** Between which addresses and ports a meter's probes run. Pure. */
import type { ResolvedHost, ResolvedMeter } from '../resolved.js';

/** The address from which a meter's probes of this host leave, and to which they come; no prefix. */
export function probeAddressOf(
  host: Pick<ResolvedHost, 'address' | 'meterAddress'>,
  { addresses }: Pick<ResolvedMeter, 'addresses'>,
): string {
  const own = addresses === 'hosts' ? undefined : host.meterAddress;
  const cidr = own ?? host.address;
  return cidr.split('/')[0] ?? cidr;
}

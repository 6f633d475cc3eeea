/** Finds hosts and their addresses for traffic. */
import { LabError } from '../../errors.js';
import type { ResolvedHost } from '../../model/resolved.js';

/** The address of `10.0.0.1/24` without the length of its prefix. */
export function addressOf(cidr: string): string {
  return cidr.split('/')[0] ?? cidr;
}

/** The host of that name. Throws INTERNAL: names were bound when the scenario was resolved. */
export function hostNamed(hosts: readonly ResolvedHost[], name: string): ResolvedHost {
  const host = hosts.find((candidate) => candidate.name === name);
  if (!host) throw new LabError('INTERNAL', `There is no host named ${name}.`);
  return host;
}

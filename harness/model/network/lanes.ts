/** Lanes: the VLANs that a link carries, each as a wire of its own. Pure. */
import type { ResolvedLink } from '../resolved.js';

/** The VLANs of a link; one lane without a name where it has none. */
export function lanesOf({ vlan }: Pick<ResolvedLink, 'vlan'>): string[] {
  if (vlan === undefined) return [''];
  if (vlan.mode !== 'trunk') return [String(vlan.id)];
  const ids = vlan.native === null ? vlan.ids : [...vlan.ids, vlan.native];
  return [...new Set(ids)].map(String);
}

/** The VLAN whose tag a frame has on a link, where it belongs to `lane`; null = it has none. */
export function tagOn({ vlan }: Pick<ResolvedLink, 'vlan'>, lane: string): number | null {
  if (vlan === undefined || vlan.mode === 'access') return null;
  if (vlan.mode === 'tagged') return vlan.id;
  return Number(lane) === vlan.native || lane === '' ? null : Number(lane);
}

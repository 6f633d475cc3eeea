/** Whether somebody decides over OpenFlow while the network runs. Pure. */
import type { ResolvedController } from './resolved.js';

/** False without a controller, and where a program writes flows that then stand by themselves. */
export function speaksOpenFlow({ kind }: Pick<ResolvedController, 'kind'>): boolean {
  return kind !== 'none' && kind !== 'static-flows';
}

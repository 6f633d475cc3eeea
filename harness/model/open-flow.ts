/** Whether a controller decides over OpenFlow while the network runs, and where it listens. Pure. */
import type { ResolvedController } from './resolved.js';

/** False without a controller, and where a program writes flows that then stand by themselves. */
export function speaksOpenFlow({ kind }: Pick<ResolvedController, 'kind'>): boolean {
  return kind !== 'none' && kind !== 'static-flows';
}

/** Of the controller's first instance; the others listen on the next ones. */
export const openFlowPort = 6653;

/** Ports on which a lab's controller listens. */
export function openFlowPorts(controller: ResolvedController): number[] {
  if (!speaksOpenFlow(controller)) return [];
  const instances = 'instances' in controller ? (controller.instances ?? 1) : 1;
  return Array.from({ length: instances }, (_, index) => openFlowPort + index);
}

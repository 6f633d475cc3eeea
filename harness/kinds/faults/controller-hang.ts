/** A controller process hangs: only timers show it. */
import { controllerFaultFacts } from '../controller-fault.js';
import { faultKind } from '../fault-kind.js';
import type { FaultOptions } from '../written-fault.js';

/**
 * A controller process hangs (SIGSTOP).
 *
 * @example
 * at('5s', controllerHang({ instance: 1 }))
 */
export const controllerHang = (
  options: FaultOptions & { instance?: number } = {},
): FaultOptions & { kind: 'controller-hang'; instance: number } => ({
  instance: 0,
  ...options,
  kind: 'controller-hang',
});

export default faultKind({
  kind: 'controller-hang',
  order: 160,
  write: controllerHang,
  ...controllerFaultFacts,
  documented: {
    example: 'controllerHang()',
    does: 'SIGSTOP of a controller process',
  },
});

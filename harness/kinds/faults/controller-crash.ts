/** A controller process dies. */
import { controllerFaultFacts } from '../controller-fault.js';
import { faultKind } from '../fault-kind.js';
import type { FaultOptions } from '../written-fault.js';

/**
 * A controller process is killed (SIGKILL).
 *
 * @example
 * at('5s', controllerCrash())
 */
export const controllerCrash = (
  options: FaultOptions & { instance?: number } = {},
): FaultOptions & { kind: 'controller-crash'; instance: number } => ({
  instance: 0,
  ...options,
  kind: 'controller-crash',
});

export default faultKind({
  kind: 'controller-crash',
  order: 150,
  write: controllerCrash,
  ...controllerFaultFacts,
  documented: {
    example: 'controllerCrash({ instance: 0 })',
    does: 'SIGKILL of a controller process; healing starts a new one',
  },
});

/** Which faults are not expected to touch data traffic. */
import type { FaultKind } from '../scenario/resolved.js';

/** Faults of controllers and of what switches and relays say to each other. */
export const controlFaults: ReadonlySet<FaultKind> = new Set([
  'control-packet-loss',
  'bfd-packet-loss',
  'controller-crash',
  'controller-hang',
  'control-channel-loss',
]);

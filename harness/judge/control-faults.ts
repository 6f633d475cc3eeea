/** Which faults are not expected to touch data traffic. */
import { faultsWhich } from '../kinds/fault-tables.js';

/** Faults of controllers, of BFD sessions, and of what switches and controllers send each other. */
export const controlFaults = faultsWhich(({ touches }) => touches !== 'data');

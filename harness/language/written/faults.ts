/** The faults that can be written, each in its own file: `harness/kinds/faults/`. */
import type { faultDescriptors } from '../../kinds/generated/fault-descriptors.js';

export * from '../../kinds/generated/fault-door.js';
export type { DirectedOptions, FaultOptions } from '../../kinds/written-fault.js';

/** A fault of any kind, as it is written. */
export type Fault = ReturnType<(typeof faultDescriptors)[number]['write']>;

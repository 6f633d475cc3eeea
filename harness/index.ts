/** The door for scenario files: everything a scenario needs, from one import. */

export * from './language/topology/builders.js';
export * from './language/topology/large-builders.js';
export * from './language/topology/parts.js';
export * from './language/topology/routed-builders.js';
export * from './language/written/controllers.js';
export * from './language/written/expectations.js';
export * from './language/written/faults.js';
export * from './language/written/programs.js';
export * from './language/written/scenario.js';
export * from './language/written/targets.js';
export * from './language/written/timeline.js';
export * from './language/written/traffic.js';
export type { Bitrate, ByteSize, Duration, Percent } from './model/units.js';

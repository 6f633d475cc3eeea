/** The door for scenario files: everything a scenario needs, from one import. */
export * from './scenario/written/controllers.js';
export * from './scenario/written/expectations.js';
export * from './scenario/written/faults.js';
export * from './scenario/written/scenario.js';
export * from './scenario/written/targets.js';
export * from './scenario/written/timeline.js';
export * from './scenario/written/traffic.js';
export * from './topology/builders.js';
export * from './topology/parts.js';

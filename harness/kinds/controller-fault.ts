/** What faults of a controller's process share. */
import { as, instance } from './fault-fields.js';

/** Of every kind that stops a process of the controller. */
export const controllerFaultFacts = {
  fields: { as, instance },
  hits: 'controller',
  excludes: 'controller',
  touches: 'openflow',
  stops: true,
} as const;

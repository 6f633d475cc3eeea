/** What makes runs side by side less comparable than they look. */
import * as z from 'zod';
import { nothing, number } from './shapes.js';

export const compareShapes = {
  'scenarios-differ': nothing,
  'datapaths-differ': nothing,
  'machines-differ': nothing,
  'ovs-versions-differ': nothing,
  'some-labs-reused': nothing,
  'seeds-differ': nothing,
  'trial-numbers-differ': nothing,
  /** All figures of this side are over its valid trials. */
  'not-all-valid': z.object({ label: z.string(), valid: number, trials: number }),
} as const;

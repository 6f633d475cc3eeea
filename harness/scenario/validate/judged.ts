/** What the checks of a whole scenario look at. */
import type { Graph } from '../../topology/graph.js';
import type { Problems } from '../problems.js';
import type { PlannedStep } from '../resolve/timeline.js';
import type { ResolvedScenario } from '../resolved.js';

export interface Judged {
  resolved: ResolvedScenario;
  graph: Graph;
  steps: readonly PlannedStep[];
  /** Where flows, meters, links and tunnels were written, by id. */
  places: ReadonlyMap<string, string>;
  /** Stated in the scenario, not derived. */
  statedDurationMs: number | undefined;
  problems: Problems;
}

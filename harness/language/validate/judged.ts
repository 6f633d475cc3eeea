/** What the checks of a whole scenario look at. */
import type { Graph } from '../../model/network/graph.js';
import type { ResolvedScenario } from '../../model/resolved.js';
import type { Problems } from '../problems.js';
import type { PlannedStep } from '../resolve/timeline.js';

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

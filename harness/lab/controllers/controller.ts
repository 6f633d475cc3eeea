/** What every controller looks like to the runner, whatever program it is. */
import type { Emit } from '../../model/history/emit.js';
import type { ResolvedController, ResolvedScenario } from '../../model/resolved.js';

export interface ControllerContext {
  scenario: ResolvedScenario;
  controller: ResolvedController;
  /** First OpenFlow port; instance N listens on port + N. */
  port: number;
  logFolder: string;
  /** Folder for configuration files, gone with the sandbox. */
  workFolder: string;
  /** The only variables a controller gets. */
  environment: Record<string, string>;
  emit: Emit;
}

export interface RunningController {
  label: string;
  /** OpenFlow ports on which instances listen; empty without a controller, and for static flows. */
  ports: number[];
  pids(): number[];
  /** Process id of one instance; undefined while it does not run. */
  pidOf(instance: number): number | undefined;
  /** Resolves when every instance is ready; throws CONTROLLER_FAILED or TIMED_OUT. */
  ready(): Promise<void>;
  /** SIGKILL one instance. Returns its process id. */
  crash(instance: number): number;
  /** Start a crashed instance again. */
  restart(instance: number): Promise<void>;
  stop(): Promise<void>;
}

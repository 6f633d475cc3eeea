/** What became of the controller that died, in sentences that all reports share. */
import type { ControllerRecovery, TrialResult } from '../harness/model/result.js';
import { formatCounted, formatMs } from './format.js';

/** Labelled sentences; none when no controller died. */
export function controllerStory(trial: TrialResult): Array<{ label: string; text: string }> {
  const { controller } = trial;
  if (!controller) return [];
  const story = [{ label: 'Controller', text: whatDied(controller) }];
  const { failover, restart } = controller;
  if (failover !== null) story.push({ label: 'Failover', text: failoverText(failover) });
  else if (controller.wasMaster === true) {
    story.push({ label: 'Failover', text: 'no other instance requested the master role' });
  }
  if (restart !== null) story.push({ label: 'Restart', text: restartText(restart) });
  const lost = lostMeanwhile(trial);
  if (lost !== null) story.push({ label: 'Data plane', text: lost });
  return story;
}

function whatDied({ instance, wasMaster, exitMs, outageMs }: ControllerRecovery): string {
  const who =
    wasMaster === null
      ? 'the controller'
      : `instance ${instance}, ${wasMaster ? 'the master' : 'a slave'},`;
  const gone =
    exitMs === null
      ? `${who} stopped answering`
      : `${who} exited ${formatMs(exitMs)} after the fault`;
  if (wasMaster === false) return `${gone}; the master kept control`;
  return outageMs === null
    ? `${gone}; no instance was observed to control all switches again`
    : `${gone}; for ${formatMs(outageMs)} not every switch had a controller in charge`;
}

type Failover = NonNullable<ControllerRecovery['failover']>;
type Restart = NonNullable<ControllerRecovery['restart']>;

function failoverText({ to, roleRequestMs, masterMs, firstFlowChangeMs }: Failover): string {
  return [
    `instance ${to} requested the master role ${formatMs(roleRequestMs)} after the fault`,
    masterMs === null
      ? 'not granted by every switch'
      : `granted by the last switch at ${formatMs(masterMs)}`,
    firstFlowChangeMs === null
      ? 'no flow change observed'
      : `its first flow change at ${formatMs(firstFlowChangeMs)}`,
  ].join(', ');
}

function restartText(restart: Restart): string {
  const later = (ms: number): string => `${formatMs(ms - restart.processMs)} later`;
  const connected =
    restart.connectedMs === null
      ? `${restart.switchesConnected} of ${restart.switches} switches connected again`
      : `all ${restart.switches} switches connected ${later(restart.connectedMs)}`;
  return [
    `process back ${formatMs(restart.processMs)} after the fault`,
    connected,
    ...(restart.firstRoleMs === null ? [] : [`first role request ${later(restart.firstRoleMs)}`]),
    restart.firstFlowChangeMs === null
      ? 'no flow change observed'
      : `first flow change ${later(restart.firstFlowChangeMs)}`,
  ].join(', ');
}

/** From the controller's fault on, through its heal. */
function lostMeanwhile({ network, reversion }: TrialResult): string | null {
  if (network === null) return null;
  const sides = [network, ...(reversion?.network ? [reversion.network] : [])];
  const lost = sides.reduce(
    (sum, { forward, reverse }) => sum + forward.packetsLost + reverse.packetsLost,
    0,
  );
  return lost === 0 ? 'no packets lost' : `${formatCounted(lost, 'packet')} lost`;
}

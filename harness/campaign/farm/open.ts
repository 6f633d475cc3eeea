/** Opens the farm that a command asks for. */
import { LabError } from '../../errors.js';
import type { Farm, FarmListeners } from './farm.js';
import type { PlaceWanted } from './place.js';

export interface FarmWanted extends PlaceWanted {
  /** Machines for ssh: `root@lab1,2/root@lab2,localhost`. */
  on?: string;
  /** Configuration file for ssh instead of the user's. */
  sshConfig?: string;
  /** Redis of a queue: `redis://farm`. */
  queue?: string;
  /** Trials at a time on each machine. */
  parallel?: number;
}

/** Throws WRONG_USE, and MACHINE_LACKS when no machine can execute trials. */
export async function openFarm(wanted: FarmWanted, listeners: FarmListeners): Promise<Farm> {
  const { on, queue, sshConfig, parallel, sandbox, datapath } = wanted;
  const place = { sandbox, datapath };
  if (on !== undefined && queue !== undefined) {
    throw new LabError('WRONG_USE', '--on and --queue both name machines.', {
      hint: 'Omit one of them.',
    });
  }
  if (on !== undefined) {
    const { parseMachines } = await import('./ssh/machines.js');
    const { openSshFarm } = await import('./ssh/open.js');
    const machines = parseMachines(on);
    const ssh = { machines, slots: parallel ?? null, sshConfig: sshConfig ?? null };
    return openSshFarm({ ...listeners, ...ssh, wanted: place });
  }
  if (queue === undefined) throw new LabError('INTERNAL', 'A farm without machines.');
  const { openQueueFarm } = await import('./queue/queue-farm.js');
  return openQueueFarm({ ...listeners, queue, wanted: place });
}

/** Other machines for the trials of a call, for as long as it lasts. */
import type { MachineNews } from '../campaign/farm/farm.js';
import { openFarm } from '../campaign/farm/open.js';
import type { RunOptions } from '../campaign/prepare.js';
import { LabError } from '../errors.js';
import { type FarmRequest, type LabRequest, listenersOf } from './options.js';

/**
 * Open the machines that the request names, call with the options for them, and end what is still
 * there. Without `on` and `queue`: the options as they are, for this machine.
 */
export async function withFarm<T>(
  request: LabRequest & FarmRequest & { reuse?: boolean; parallel?: number },
  options: RunOptions,
  call: (options: RunOptions) => Promise<T>,
): Promise<T> {
  const { on, queue, sshConfig, parallel } = request;
  if (on === undefined && queue === undefined) return call(options);
  if (request.reuse) {
    const message = `${on === undefined ? 'queue' : 'on'} gives each trial a fresh lab on another machine; reuse keeps one.`;
    throw new LabError('WRONG_USE', message, { hint: 'Omit one of them.' });
  }
  const { onProgress, ...interruption } = listenersOf(request);
  const unrecorded: MachineNews[] = [];
  const onNews = (news: MachineNews) => {
    unrecorded.push(news);
    onProgress({ kind: 'machine', label: '', news });
  };
  const farm = await openFarm(
    {
      ...{ sandbox: options.sandbox, datapath: options.datapath },
      ...(on === undefined ? {} : { on }),
      ...(queue === undefined ? {} : { queue }),
      ...(sshConfig === undefined ? {} : { sshConfig }),
      ...(parallel === undefined ? {} : { parallel }),
    },
    { ...interruption, onNews, unrecorded },
  );
  try {
    return await call({ ...options, farm, parallel: farm.slots });
  } finally {
    await farm.close();
  }
}

/** Trials that the scheduler has under way at a time. @param open Results decide what follows. */
export function widthOf({ farm, parallel = 1 }: RunOptions, open: boolean): number {
  return farm ? farm.width(open) : parallel;
}

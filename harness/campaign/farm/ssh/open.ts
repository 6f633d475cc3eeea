/** Opens the farm of `--on`: machines that are reached by ssh. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LabError } from '../../../errors.js';
import { commonPlace, type Placed } from '../common-place.js';
import type { Farm } from '../farm.js';
import type { FarTrouble } from '../job.js';
import { packageName } from '../package.js';
import { makeReady } from './bring.js';
import type { SshOptions } from './command.js';
import type { FarMachine } from './machines.js';
import { SshFarm, type SshFarmOptions } from './ssh-farm.js';

/** Look at all machines, make them ready, and leave out what cannot take part. Throws MACHINE_LACKS. */
export async function openSshFarm(options: SshFarmOptions): Promise<Farm> {
  const { machines, wanted, onNews } = options;
  const folder = mkdtempSync(join(tmpdir(), 'fl-farm-'));
  const ssh: SshOptions = { configFile: options.sshConfig, socketFolder: folder };
  const name = packageName();
  const bringing = { ssh, packageName: name, wanted };
  try {
    const ready = await Promise.all(
      machines.map(async (machine) => ({
        machine,
        prepared: await makeReady(machine.name, bringing),
      })),
    );
    const placed: Placed<FarMachine>[] = [];
    let first: FarTrouble | undefined;
    for (const { machine, prepared } of ready) {
      if ('facts' in prepared) placed.push({ machine, facts: prepared.facts });
      else {
        first ??= prepared.trouble;
        onNews({ state: 'left-out', machine: machine.name, trouble: prepared.trouble });
      }
    }
    if (placed.length === 0) throw noMachine(first, machines.length);
    const { used, apart } = commonPlace(placed);
    for (const { machine, differences } of apart) {
      onNews({ state: 'kept-apart', machine: machine.name, differences });
    }
    return new SshFarm(options, used, { folder, ssh, name });
  } catch (thrown) {
    rmSync(folder, { recursive: true, force: true });
    throw thrown;
  }
}

function noMachine(first: FarTrouble | undefined, count: number): LabError {
  const message = first?.message ?? 'No machine can execute trials.';
  const others = count > 1 ? ` None of the ${count} machines can execute trials.` : '';
  const hint = first?.hint;
  const details = { trouble: first?.code };
  return new LabError('MACHINE_LACKS', `${message}${others}`, {
    ...(hint ? { hint } : {}),
    details,
  });
}

/** `failover-lab doctor`: what this machine can run. */
import { diagnose } from '../../doctor/doctor.js';
import { hostMachine } from '../../doctor/host-machine.js';
import { renderDoctor } from '../../doctor/render.js';
import { exitCodes } from '../../errors.js';
import { siteChecks } from '../../sites/choose.js';
import type { CommandContext } from '../context.js';

export interface DoctorFlags {
  json?: boolean;
}

/** Print every finding and what follows from them. */
export async function doctor({ json }: DoctorFlags, context: CommandContext): Promise<void> {
  const diagnosis = await diagnose(hostMachine(), await siteChecks());
  if (json) context.screen.out(`${JSON.stringify(diagnosis, null, 2)}\n`);
  else
    context.screen.out(
      renderDoctor(diagnosis.findings, context.screen.columns, diagnosis.conclusion),
    );
  if (diagnosis.conclusion.blockedBy.length > 0) context.exit(exitCodes.machineLacks);
}

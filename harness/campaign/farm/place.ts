/** What a machine is for labs of one kind: the sandbox it would use, what it can do, its versions. */
import { availableParallelism, hostname } from 'node:os';
import * as z from 'zod';
import { collectEnvironment } from '../../doctor/environment.js';
import { hostMachine } from '../../doctor/host-machine.js';
import { capabilitiesSchema } from '../../model/capabilities.js';
import { environmentSchema } from '../../model/history/events.js';
import { chooseSite, ownDatapath } from '../../sites/choose.js';
import type { Site } from '../../sites/site.js';

/** What is asked for with `--sandbox` and `--datapath`. */
export interface PlaceWanted {
  sandbox: string;
  datapath: 'auto' | 'kernel' | 'user';
}

export const machineFacts = z.strictObject({
  /** The name by which the machine calls itself. */
  hostName: z.string().max(200),
  /** The copy of the package that answered, as `packageName` names it. */
  package: z.string().max(80),
  processors: z.number().int().positive(),
  environment: environmentSchema,
  capabilities: capabilitiesSchema,
});

export type MachineFacts = z.infer<typeof machineFacts>;

/** A busy machine must not be taken for one that lacks what it was slow to show. */
const patienceMs = 15_000;

/** The site for labs on this machine, which lacks nothing. Throws MACHINE_LACKS, WRONG_USE. */
export async function siteHere({ sandbox, datapath }: PlaceWanted): Promise<Site> {
  const chosen = datapath === 'auto' ? ownDatapath(sandbox) : datapath;
  return chooseSite(sandbox, chosen, hostMachine(patienceMs));
}

/** This machine, for labs of that kind. Throws MACHINE_LACKS, WRONG_USE. */
export async function factsHere(wanted: PlaceWanted, packageName: string): Promise<MachineFacts> {
  const site = await siteHere(wanted);
  const { sandbox, datapath } = wanted;
  const measured = await collectEnvironment({
    datapath: datapath === 'auto' ? ownDatapath(sandbox) : datapath,
    sandbox: site.name,
    ...(site.clock.kind === 'real' ? {} : { clock: site.clock.kind }),
    substitutions: [],
  });
  return {
    hostName: hostname(),
    package: packageName,
    processors: availableParallelism(),
    environment: { ...measured, ...(await site.environment()) },
    capabilities: await site.capabilities(),
  };
}

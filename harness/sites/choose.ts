/** Which site a lab gets on this machine, or the exact reason and remedy why it gets none. */
import type { Check, Finding } from '../doctor/finding.js';
import type { Machine } from '../doctor/machine.js';
import { LabError } from '../errors.js';
import { siteKinds } from './generated/sites.js';
import { guestSite } from './guest.js';
import type { Site, SiteKind, SiteWishes } from './site.js';

type Datapath = 'kernel' | 'user';

/** What `--datapath auto` is for a lab that is asked for with `--sandbox <asked>`. */
export function ownDatapath(asked: string): Datapath {
  return kindOf(asked)?.datapath ?? 'user';
}

/**
 * The site that was asked for; for `auto` the first that this user may have and that lacks nothing.
 * Throws MACHINE_LACKS with the remedy, before anything starts, when a lab would run half.
 */
export async function chooseSite(
  asked: string,
  datapath: Datapath,
  machine: Machine,
  wishes: SiteWishes = {},
): Promise<Site> {
  if (wishes.image !== undefined && asked !== guestSite) throw noImage(asked);
  if (asked === 'auto') return chooseAny(datapath, machine);
  const kind = kindOf(asked);
  if (kind === undefined) throw unknownSite(asked);
  const site = await (await kind.load()).on(machine, wishes);
  if ('refused' in site) throw new LabError('MACHINE_LACKS', site.refused, { hint: site.hint });
  const trouble = await site.trouble(datapath);
  if (trouble) throw lacking(trouble, []);
  return site;
}

/** What the doctor checks for sites beyond what every lab needs. */
export async function siteChecks(): Promise<Check[]> {
  const programs = await Promise.all(kinds.map((kind) => kind.load()));
  return programs.flatMap(({ checks = [] }) => checks);
}

async function chooseAny(datapath: Datapath, machine: Machine): Promise<Site> {
  const whose = machine.userId === 0 ? 'root' : 'user';
  let trouble: Finding | undefined;
  const hints: string[] = [];
  for (const kind of kinds.filter(({ auto }) => auto === whose)) {
    const site = await (await kind.load()).on(machine);
    if ('refused' in site) {
      hints.push(site.hint);
      continue;
    }
    trouble = await site.trouble(datapath);
    if (trouble === undefined) return site;
  }
  if (trouble) throw lacking(trouble, hints);
  throw new LabError('MACHINE_LACKS', 'This user cannot run labs in any sandbox.', {
    hint: hints.join('\n'),
  });
}

const kinds: readonly SiteKind[] = siteKinds;

function kindOf(name: string): SiteKind | undefined {
  return kinds.find((kind) => kind.name === name);
}

function noImage(asked: string): LabError {
  const message = `An image is the root of a guest, and --sandbox ${asked} has no guest.`;
  return new LabError('WRONG_USE', message, { hint: 'Add --clock virtual, or omit the image.' });
}

function unknownSite(asked: string): LabError {
  const names = kinds.map(({ name }) => name).join(', ');
  return new LabError('WRONG_USE', `'${asked}' is not a kind of sandbox in this version.`, {
    hint: `Kinds of sandboxes: ${names}.`,
  });
}

function lacking({ id, sentence, remedy }: Finding, hints: readonly string[]): LabError {
  const hint = [remedy, ...hints].filter((line) => line !== undefined).join('\n');
  return new LabError('MACHINE_LACKS', sentence, {
    ...(hint === '' ? {} : { hint }),
    details: { finding: id },
  });
}

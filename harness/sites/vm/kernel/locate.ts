/** Finds the guest's kernel: the one that was named, or the one in the user's cache. */
import { accessSync, constants, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import type { Machine } from '../../../doctor/machine.js';
import { kernelVariable } from '../../guest.js';
import { kernelCache, recipeHash } from './recipe.js';

export interface GuestKernel {
  file: string;
  /** For records: release, and what it was made by, or the hash of a kernel from elsewhere. */
  name: string;
}

/** What is kept beside a kernel in the cache. */
export const builtSchema = z.strictObject({
  /** As `uname -r` prints it in the guest. */
  release: z.string(),
  recipe: z.string(),
  /** Version of the source package, or the name and hash of its archive. */
  source: z.string(),
});

/** Why there is no kernel, and what to do about it. */
export interface NoKernel {
  refused: string;
  hint: string;
}

/** The kernel for guests on this machine. Runs a named one with `--version` to see what it is. */
export async function locateKernel(machine: Machine): Promise<GuestKernel | NoKernel> {
  const named = process.env[kernelVariable];
  if (named !== undefined && named !== '') return namedKernel(resolve(named), machine);
  return (
    cachedKernel() ?? {
      refused: 'The guest needs a kernel, and none was built for this version of failover-lab.',
      hint: `Build it once: failover-lab kernel build. Or name one: --kernel FILE, or ${kernelVariable}.`,
    }
  );
}

/** The newest kernel in the cache that this version's recipe made. */
export function cachedKernel(): GuestKernel | null {
  const cache = kernelCache();
  const recipe = recipeHash();
  const made = namesIn(cache)
    .filter((name) => name.startsWith(`${recipe}-`))
    .map((name) => join(cache, name, 'linux'))
    .filter(isProgram)
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  for (const file of made) {
    const built = builtBeside(file);
    if (built) return { file, name: `${built.release} (guest, ${built.source}, ${recipe})` };
  }
  return null;
}

async function namedKernel(file: string, machine: Machine): Promise<GuestKernel | NoKernel> {
  const hint = `Name a kernel that \`failover-lab kernel build\` made, or unset ${kernelVariable} and omit --kernel.`;
  if (!isProgram(file)) return { refused: `The guest's kernel ${file} is not a program.`, hint };
  const [version, help] = await Promise.all([
    machine.run([file, '--version']),
    machine.run([file, '--help']),
  ]);
  const release = /^[\w.+-]{1,60}$/.exec(version.stdout.trim())?.[0];
  const able = ['time-travel=inf-cpu', 'random-seed='].every((word) => help.stdout.includes(word));
  if (release === undefined || !able) {
    return {
      refused: `${file} is not a kernel for guests: it lacks time-travel=inf-cpu or random-seed=.`,
      hint,
    };
  }
  const built = builtBeside(file);
  const source = built ? `${built.source}, ${built.recipe}` : 'from elsewhere';
  return { file, name: `${release} (guest, ${source})` };
}

function builtBeside(file: string): z.infer<typeof builtSchema> | null {
  try {
    return builtSchema.parse(JSON.parse(readFileSync(join(file, '../kernel.json'), 'utf8')));
  } catch {
    return null;
  }
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

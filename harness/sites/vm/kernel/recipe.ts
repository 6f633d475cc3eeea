/** What the guest's kernel is made by: its configuration and our changes to its source. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../package-root.js';
import { userCache } from '../../user-cache.js';

const folder = () => join(packageRoot(), 'harness/sites/vm/kernel');

export const configFile = () => join(folder(), 'guest.config');
export const patchFile = () => join(folder(), 'guest.patch');

/** First 12 hexadecimal digits of a hash over configuration and changes. */
export function recipeHash(): string {
  const hash = createHash('sha256');
  for (const file of [configFile(), patchFile()]) hash.update(readFileSync(file)).update('\0');
  return hash.digest('hex').slice(0, 12);
}

/** The user's cache for kernels. */
export function kernelCache(): string {
  return userCache('kernels');
}

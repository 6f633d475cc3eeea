/** The archive of Debian's kernel source, and what its version is. */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Machine } from '../../../doctor/machine.js';
import { LabError } from '../../../errors.js';

const folder = '/usr/src';
/** The series that our changes are made for. */
export const series = '6.1';
export const sourcePackage = `linux-source-${series}`;

/**
 * The archive to build from: the one that was named, or the installed package's. Throws
 * MACHINE_LACKS.
 */
export function sourceArchive(named: string | undefined): string {
  const file = named ?? join(folder, `${sourcePackage}.tar.xz`);
  if (existsSync(file)) return file;
  const others = existsSync(folder)
    ? readdirSync(folder).filter((name) => /^linux-source-.*\.tar/.test(name))
    : [];
  const also = others.length === 0 ? '' : ` ${folder} has ${others.join(', ')}.`;
  throw new LabError('MACHINE_LACKS', `There is no kernel source ${file}.${also}`, {
    hint:
      `Install it with: sudo apt-get install --no-install-recommends ${sourcePackage}\n` +
      'Or name an archive of that series with --source FILE, or a kernel that was built elsewhere with --kernel FILE.',
  });
}

/** Hash of the archive and, where it belongs to an installed package, that package's version. */
export async function sourceIdentity(
  archive: string,
  machine: Machine,
): Promise<{ hash: string; name: string }> {
  const sha = createHash('sha256');
  await pipeline(createReadStream(archive), sha);
  const hash = sha.digest('hex').slice(0, 12);
  if (archive !== join(folder, `${sourcePackage}.tar.xz`)) {
    return { hash, name: `${basename(archive)} ${hash}` };
  }
  const { exitCode, stdout } = await machine.run(['dpkg-query', '--show', sourcePackage]);
  return { hash, name: exitCode === 0 ? stdout.trim().replace('\t', ' ') : hash };
}

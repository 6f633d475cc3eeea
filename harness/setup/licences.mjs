/** The licences of the packages whose code is in dist/, which go wherever that code goes. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folder of the package that a bundled file is of, such as `node_modules/zod`; null = none. */
function packageOf(path) {
  return /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? null;
}

/**
 * Every package once, with its version and the text of its licence.
 * @param inputs Paths of the bundled files, relative to `root`.
 */
export function licencesOf(root, inputs) {
  const folders = [...new Set(inputs.map(packageOf).filter((folder) => folder !== null))].sort();
  const entries = folders.map((folder) => {
    const about = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    const file = readdirSync(join(root, folder)).find((each) => /^licen[cs]e/i.test(each));
    const text =
      file === undefined ? where(about) : readFileSync(join(root, folder, file), 'utf8').trim();
    return `${about.name} ${about.version} (${about.license})\n\n${text}\n`;
  });
  return `Packages whose code is part of the files in this folder.\n\n${entries.join(`\n${'-'.repeat(80)}\n\n`)}`;
}

/** Where text and source are of a package that brings no licence file along. */
function where({ license, repository, homepage }) {
  const source = repository?.url ?? repository ?? homepage;
  return `Licence: https://spdx.org/licenses/${license}.html\nSource: ${source}`;
}

/** Where the package lies: files that are not compiled (Python, HTML, CSS) are found from there. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

let known: string | undefined;

/**
 * The folder that holds the package's package.json, found by walking up from this file; the same
 * from the TypeScript sources and from dist/.
 */
export function packageRoot(): string {
  if (known !== undefined) return known;
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json')) && folder !== dirname(folder)) {
    folder = dirname(folder);
  }
  known = folder;
  return folder;
}

/** `npm run kinds`: writes every table that is generated from the fault kinds' own files. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../harness/package-root.js';
import { descriptors, generatedFiles, readIn } from './tables.js';

for (const [path, text] of Object.entries(generatedFiles(await descriptors()))) {
  if (readIn(path) === text) continue;
  writeFileSync(join(packageRoot(), path), text);
  console.log(`wrote ${path}`);
}

/** `npm run kinds`: writes every table that is generated from the kinds' own files. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../harness/package-root.js';
import { descriptors, generatedFiles } from './fault-tables.js';
import { readIn } from './files.js';
import { nodeDescriptors, nodeFiles } from './node-tables.js';
import { siteFiles } from './site-tables.js';

const nodes = await nodeDescriptors();
const files = {
  ...nodeFiles(nodes),
  ...generatedFiles(await descriptors(), nodes),
  ...(await siteFiles()),
};
for (const [path, text] of Object.entries(files)) {
  if (readIn(path) === text) continue;
  writeFileSync(join(packageRoot(), path), text);
  console.log(`wrote ${path}`);
}

/**
 * Writes docs/reference.md from the types, the descriptors and the commands themselves; the test
 * beside it holds that it is complete and up to date. Command: `npm run reference`.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../harness/package-root.js';
import { referencePage } from './page.js';

writeFileSync(join(packageRoot(), 'docs/reference.md'), referencePage());

/**
 * Before packing: of the declarations in dist/, those stay that a door of the package leads to. The
 * others describe what no user of the package can import.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { filesBelow } from './built.mjs';

/** Files that a declaration file imports by a relative path, `export` and `import()` included. */
function importsOf(file) {
  const text = readFileSync(file, 'utf8');
  const paths = [...text.matchAll(/(?:from|import)\s*\(?\s*['"](\.[^'"]+)['"]/g)];
  return paths
    .map(([, path]) => join(dirname(file), path.replace(/\.js$/, '.d.ts')))
    .filter((path) => existsSync(path));
}

function reachedFrom(doors) {
  const reached = new Set();
  const open = [...doors];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (reached.has(file)) continue;
    reached.add(file);
    open.push(...importsOf(file));
  }
  return reached;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const doors = Object.values(exports).flatMap(({ types }) => (types ? [join(root, types)] : []));
const missing = doors.filter((door) => !existsSync(door));
if (missing.length > 0)
  throw new Error(`not built: ${missing.map((door) => relative(root, door))}`);
const kept = reachedFrom(doors);
for (const path of filesBelow(join(root, 'dist'))) {
  const file = join(root, 'dist', path);
  if (file.endsWith('.d.ts') && !kept.has(file)) rmSync(file);
}

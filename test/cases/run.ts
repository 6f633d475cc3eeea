/**
 * `npm run cases`: every case of a folder through the real command line, and a table of what came
 * out. Ends with 1 when one differs. `--cases DIR`: another folder with the same files;
 * `--only WORD`: cases whose name holds the word; `--validate`: those that build no network.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { packageRoot } from '../../harness/package-root.js';
import { type ExpectedCase, expectedCases } from './expected.js';
import { judgeCase, type SeenCase } from './judge-case.js';

const limitMs = 240_000;
const own = join(packageRoot(), 'test/cases/inputs');
const { values } = parseArgs({
  options: {
    cases: { type: 'string' },
    only: { type: 'string' },
    validate: { type: 'boolean', default: false },
  },
});
const shared = resolve(packageRoot(), '../shared/cases');
const folder = values.cases ? resolve(values.cases) : existsSync(shared) ? shared : own;
const outputs = mkdtempSync(join(tmpdir(), 'failover-lab-cases-'));

/** Programs of a case are named relative to its folder, so the command is run from there. */
function see({ file, command }: ExpectedCase): SeenCase | null {
  const from = existsSync(join(folder, file)) ? folder : own;
  if (!existsSync(join(from, file))) return null;
  const [verb = '', ...options] = command.split(' ');
  const words = [verb, `./${file}`, ...options];
  if (verb === 'run') words.push('--seed', '3', '--out', join(outputs, file));
  const start = join(packageRoot(), 'harness/setup/start.mjs');
  const done = spawnSync(process.execPath, [start, ...words], {
    ...{ cwd: from, encoding: 'utf8', timeout: limitMs, killSignal: 'SIGINT' },
    maxBuffer: 256 * 1024 * 1024,
  });
  return { exit: done.status, output: `${done.stdout}\n${done.stderr}` };
}

const chosen = expectedCases
  .filter(({ file }) => file.includes(values.only ?? ''))
  .filter(({ command }) => !values.validate || command !== 'run');
let differing = 0;
const columns = [24, 10, 10] as const;
const line = (cells: readonly string[]) =>
  cells
    .map((cell, index) => cell.padEnd(columns[index] ?? 0))
    .join('  ')
    .trimEnd();
process.stdout.write(`${line(['case', 'expected', 'seen', 'right outcome'])}\n`);
for (const expected of chosen) {
  const seen = see(expected);
  const wrong = seen === null ? ['the file is missing'] : judgeCase(expected, seen);
  if (wrong.length > 0) differing += 1;
  const cells = [expected.file, `exit ${expected.exit.join('/')}`, `exit ${seen?.exit ?? '?'}`];
  const verdict = wrong.length === 0 ? 'ok' : `DIFFERS: ${wrong.join('; ')}`;
  process.stdout.write(`${line([...cells, `${expected.right}: ${verdict}`])}\n`);
}
process.stdout.write(`${chosen.length - differing} of ${chosen.length} cases as expected\n`);
process.exitCode = differing === 0 ? 0 : 1;

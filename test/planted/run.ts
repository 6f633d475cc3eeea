/**
 * `npm run planted -- [seeds] [budget] [real|virtual]`: searches controllers with a planted bug, and
 * prints in how many seeds each was found, what was left of it, and whether the written scenario
 * fails again and passes on the controller without the bug.
 */
import { join } from 'node:path';
import { run } from '../../harness/api/run.js';
import { type SearchRun, search } from '../../harness/api/search.js';
import { packageRoot } from '../../harness/package-root.js';
import { renderTable } from '../../reports/terminal/table.js';

const folder = join(packageRoot(), 'test/fixtures/planted');
const bugs = ['without-watch', 'never-returns', 'forgets-second', 'loops'];
const [seeds = '1', budget = '24', clock = 'virtual', ...only] = process.argv.slice(2);
const sandbox = clock === 'virtual' ? ('vm' as const) : ('auto' as const);

async function tried(bug: string, seed: number): Promise<string[]> {
  const scenario = join(folder, `${bug}.ts`);
  const searched = await search(scenario, {
    ...{ seed, budget: Number(budget), sandbox, faults: ['power-off'] },
    onTrial: ({ index, outageMs }, findings) =>
      process.stderr.write(
        `${bug} ${seed} trial ${index + 1}: ${outageMs} ms, ${findings} findings\n`,
      ),
  });
  const [first] = searched.searched.findings;
  if (!first?.file || first.state !== 'confirmed') {
    return [bug, String(seed), 'not found', '', '', ''];
  }
  const [again, sound] = await replays(searched, first.file, seed);
  return [
    ...[bug, String(seed), first.evidence.kind, String(first.trials.found + 1)],
    ...[`${first.foundWith} > ${first.schedule.length}`, `${again} / ${sound}`],
  ];
}

/** The verdict of the written scenario on the controller that was searched, and on the sound one. */
async function replays(searched: SearchRun, file: string, seed: number): Promise<string[]> {
  const written = join(searched.folder, file);
  const again = await run(written, { seed, sandbox });
  const controller = `osken:${join(folder, 'sound.py')}`;
  const sound = await run(written, { seed, sandbox, controller });
  return [again.result.verdict, sound.result.verdict];
}

const rows: string[][] = [];
for (const bug of bugs.filter((one) => only.length === 0 || only.includes(one))) {
  for (let seed = 1; seed <= Number(seeds); seed += 1) rows.push(await tried(bug, seed));
}
const titles = ['planted', 'seed', 'found', 'trial', 'failures', 'again / repaired'];
const head = titles.map((title) => ({ title, align: 'left' as const }));
process.stdout.write(`${renderTable(head, rows, { columns: 100 }).join('\n')}\n`);

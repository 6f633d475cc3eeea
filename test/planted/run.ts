/**
 * `npm run planted -- [--seeds 1-10] [--budget 24] [--clock real|virtual] [--at-once 1] [bug ...]`:
 * searches networks with a planted bug, one line a search; prints in how many seeds each bug was
 * found, what was left of its failures, and whether the written scenario fails again and passes on
 * the repaired network. `sound` is a control: nothing is to be found there.
 */
import { parseArgs } from 'node:util';
import { renderTable } from '../../reports/terminal/table.js';
import { type Planted, planted } from './bugs.js';
import { type Tried, tried } from './tried.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seeds: { type: 'string', default: '1-1' },
    budget: { type: 'string', default: '24' },
    clock: { type: 'string', default: 'virtual' },
    'at-once': { type: 'string', default: '1' },
  },
});

const unknown = positionals.find((name) => !planted.some((bug) => bug.name === name));
if (unknown !== undefined) {
  const names = planted.map(({ name }) => name).join(', ');
  throw new Error(`No planted bug is named ${unknown}. Name some of: ${names}.`);
}
const [first = 1, last = first] = values.seeds.split('-').map(Number);
const chosen = planted.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
const searches = chosen.flatMap((bug) =>
  Array.from({ length: last - first + 1 }, (_, place) => ({ bug, seed: first + place })),
);
const done: Tried[] = [];

async function takeTurns(): Promise<void> {
  for (let next = searches.shift(); next; next = searches.shift()) {
    const sandbox = values.clock === 'virtual' ? ('vm' as const) : ('auto' as const);
    const one = await tried(next.bug, { seed: next.seed, budget: Number(values.budget), sandbox });
    done.push(one);
    process.stdout.write(`${lineOf(one)}\n`);
  }
}

function lineOf({ bug, seed, trials, found, evidence, failures, again, repaired }: Tried): string {
  if (found === null) return `${bug} ${seed}: nothing found in ${trials} trials`;
  const shrunk = failures === null ? '' : `${failures.before} > ${failures.after} failures, `;
  return `${bug} ${seed}: ${evidence} in trial ${found}, ${shrunk}${trials} trials in all; again ${again}, repaired ${repaired}`;
}

/** One row a bug. */
function rowOf({ name }: Planted): string[] {
  const all = done.filter(({ bug }) => bug === name);
  const found = all.filter((one) => one.found !== null);
  const proven = found.filter(({ again, repaired }) => again === 'fail' && repaired === 'pass');
  const trials = found.map((one) => one.found ?? 0).sort((one, other) => one - other);
  const most = Math.max(0, ...found.map(({ failures }) => failures?.after ?? 0));
  return [
    ...[name, `${found.length} of ${all.length}`, `${proven.length} of ${found.length}`],
    ...[String(trials[Math.floor(trials.length / 2)] ?? '–'), String(trials.at(-1) ?? '–')],
    found.length === 0 ? '–' : String(most),
  ];
}

await Promise.all(Array.from({ length: Number(values['at-once']) }, takeTurns));
const titles = ['planted', 'found', 'proven', 'trial, median', 'latest', 'failures left'];
const head = titles.map((title) => ({ title, align: 'left' as const }));
process.stdout.write(`${renderTable(head, chosen.map(rowOf), { columns: 100 }).join('\n')}\n`);

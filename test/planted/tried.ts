/** One search of a planted bug, and what its written scenario does on the repaired network. */
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { RunRequest } from '../../harness/api/options.js';
import { run } from '../../harness/api/run.js';
import { type SearchRun, search } from '../../harness/api/search.js';
import type { SearchRequest } from '../../harness/api/search-request.js';
import type { FoundFailure } from '../../harness/judge/search-result.js';
import type { Planted } from './bugs.js';

export interface Tried {
  bug: string;
  seed: number;
  /** Trials that the search ran before it was ended. */
  trials: number;
  /** The trial that showed it, from 1; null: nothing was confirmed within the budget. */
  found: number | null;
  evidence?: string;
  failures: { before: number; after: number } | null;
  /** Verdicts of the written scenario, on the network that was searched and on the repaired one. */
  again?: string;
  repaired?: string;
}

type Asked = Required<Pick<SearchRequest, 'seed' | 'budget' | 'sandbox'>>;

export async function tried(bug: Planted, asked: Asked): Promise<Tried> {
  const searched = await searchOf(bug, asked);
  const { findings, trials } = searched.searched;
  const nothing = { bug: bug.name, seed: asked.seed, trials: trials.length };
  const confirmed = findings.filter(({ state, file }) => state === 'confirmed' && file !== null);
  const tries: Tried[] = [];
  for (const finding of confirmed) {
    const { evidence, foundWith, schedule } = finding;
    tries.push({
      ...{ ...nothing, found: finding.trials.found + 1, evidence: evidence.kind },
      failures: { before: foundWith, after: schedule.length },
      ...(await replays(bug, searched, finding, asked)),
    });
    // What the repaired network shows as well is not the bug: another finding may be it.
    if (tries.at(-1)?.repaired === 'pass') break;
  }
  return tries.at(-1) ?? { ...nothing, found: null, failures: null };
}

let lastOpening: Promise<unknown> = Promise.resolve();

/** Scenario files are loaded one at a time, though several searches run: the next after `opened`. */
async function inTurn<Result>(start: (opened: () => void) => Promise<Result>): Promise<Result> {
  const before = lastOpening;
  let opened = () => {};
  lastOpening = new Promise<void>((resolve) => {
    opened = resolve;
  });
  await before;
  return start(opened).finally(opened);
}

/** A search that is ended as soon as a finding is as simple as it gets. */
async function searchOf({ name, file, space, property }: Planted, asked: Asked) {
  const enough = new AbortController();
  const confirmed = new Set<number>();
  const options = { ...asked, ...space, signal: enough.signal, simplifyMost: 3 };
  return inTurn((onPlan) =>
    search(file, {
      ...options,
      onPlan,
      ...(property ? { property } : {}),
      onTrial: ({ index, purpose, finding, evidence, outageMs, verdict }) => {
        const shown = evidence.length > 0;
        if (purpose === 'replay' && finding !== null && shown) confirmed.add(finding);
        const another = confirmed.size > 1 || (finding !== null && !confirmed.has(finding));
        const settled = purpose === 'explore' || another || (purpose === 'verify' && shown);
        if (confirmed.size > 0 && settled) {
          enough.abort();
        }
        const what = `${purpose}, ${verdict}, ${outageMs} ms ${evidence.join(' ')}`;
        process.stderr.write(`${name} ${asked.seed} trial ${index + 1}: ${what}\n`);
      },
    }),
  );
}

async function replays(
  bug: Planted,
  { folder }: SearchRun,
  { file }: FoundFailure,
  { seed, sandbox }: Asked,
) {
  const written = join(folder, file ?? '');
  const again = await verdictOf(bug, written, { seed, sandbox });
  const { repaired } = bug;
  if (repaired === null) return { again, repaired: again };
  if ('controller' in repaired) {
    const { controller } = repaired;
    return { again, repaired: await verdictOf(bug, written, { seed, sandbox, controller }) };
  }
  const other = written.replace(/\.ts$/, '-repaired.ts');
  writeFileSync(other, elsewhere(readFileSync(written, 'utf8'), bug.file, repaired.file));
  return { again, repaired: await verdictOf(bug, other, { seed, sandbox }) };
}

/** The written scenario imports the network that was searched: the same failures of another one. */
function elsewhere(text: string, searched: string, repaired: string): string {
  const script = (file: string) => basename(file).replace(/\.ts$/, '.js');
  return text.replace(`/${script(searched)}'`, `/${script(repaired)}'`);
}

async function verdictOf(
  { property, demand = property }: Planted,
  file: string,
  asked: RunRequest,
) {
  const { result, events } = await inTurn((opened) =>
    run(file, { ...asked, onProgress: ({ kind }) => kind === 'opened' && opened() }),
  );
  const [trial] = result.trials;
  if (!demand || !trial || result.verdict === 'inconclusive') return result.verdict;
  return demand({ trial, schedule: [], events }) ? result.verdict : 'fail';
}

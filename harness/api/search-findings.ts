/** What a search found, as `search.json`, a page, and scenario files that show it again. */
import { join, relative } from 'node:path';
import { searchJson } from '../../reports/search/forms.js';
import { renderSearchHtml } from '../../reports/search/html.js';
import { evidenceText, scheduleText } from '../../reports/search/words.js';
import { quoteCommand } from '../../reports/shell.js';
import type { RunOptions } from '../campaign/prepare.js';
import type { PreparedSearch } from '../campaign/prepare-search.js';
import type { RecordedRun } from '../campaign/store/read-run.js';
import { unwritable } from '../campaign/store/run-folder.js';
import type { SearchFinding } from '../campaign/strategies/search-trial.js';
import { combine } from '../judge/combine.js';
import {
  type FoundFailure,
  type SearchedTrial,
  type SearchResult,
  searchResultVersion,
} from '../judge/search-result.js';
import type { Evidence } from '../model/finding.js';
import type { Verdict } from '../model/result.js';
import { replaceFile } from '../safe-files.js';
import { type FindingScenario, findingFile } from './finding-file.js';
import type { Outcomes } from './search-outcomes.js';

export async function writeFindings(
  run: RecordedRun,
  prepared: PreparedSearch,
  outcomes: Outcomes,
  options: RunOptions,
): Promise<SearchResult> {
  const { search: state, campaign } = prepared;
  const { result } = run.judged;
  const trials = state.trials
    .filter(({ index }) => outcomes.has(index))
    .map((one) => outcomes.told(one));
  const files = state.findings.map((finding, place) =>
    fileOf(run.folder, prepared, options, finding, place),
  );
  const findings = state.findings.map((finding, place): FoundFailure => {
    const { evidence, schedule, foundWith, found, replays, shown, seenAgain } = finding;
    const file = files[place];
    return {
      ...{ number: place + 1, evidence, schedule, state: finding.state, foundWith },
      trials: { found, replays, shown, again: seenAgain },
      file: file?.name ?? null,
      command: file?.command ?? null,
    };
  });
  const valid = trials.filter((trial) => trial.valid);
  const searched: SearchResult = {
    schemaVersion: searchResultVersion,
    scenario: result.scenario,
    question: prepared.base.question,
    controller: result.controller,
    seed: result.seed,
    wallTime: result.wallTime,
    command: result.command,
    environment: result.environment,
    plan: campaign,
    verdict: combine<Verdict>([
      ...(findings.length > 0 ? (['fail'] as const) : []),
      ...(valid.length === 0 || result.interrupted || result.doubts.length > 0
        ? (['inconclusive'] as const)
        : []),
    ]),
    interrupted: result.interrupted,
    doubts: result.doubts,
    options: state.options,
    findings,
    trials,
    worst: valid.reduce<SearchedTrial | null>(
      (worst, one) => (worst === null || one.score > worst.score ? one : worst),
      null,
    ),
  };
  const html = await renderSearchHtml(searched, prepared.base);
  try {
    for (const file of files) if (file) replaceFile(join(run.folder, file.name), file.text);
    replaceFile(join(run.folder, 'search.json'), searchJson(searched));
    replaceFile(join(run.folder, 'search.html'), html);
  } catch (cause) {
    throw unwritable(run.folder, cause);
  }
  return searched;
}

function fileOf(
  folder: string,
  { file: base, written, timelineOf, expectOf, base: scenario }: PreparedSearch,
  { seed, sandbox, controller }: RunOptions,
  { evidence, schedule }: SearchFinding,
  place: number,
): { name: string; text: string; command: string[] } {
  const name = `${scenario.name}-finding-${place + 1}.ts`;
  const file = join(folder, name);
  const path = relative(process.cwd(), file);
  const command = [
    ...['failover-lab', 'run', path, '--seed', String(seed)],
    ...(sandbox === 'auto' ? [] : ['--sandbox', sandbox]),
    ...(controller === undefined ? [] : ['--controller', controller]),
  ];
  const shown = command.map((word) => (word === path ? `scenarios/${name}` : word));
  const finding: FindingScenario = {
    ...{ file, base, written, schedule },
    finding: `Found by a search: ${evidenceText(evidence)}.`,
    command: quoteCommand(shown),
    question: `Does the network recover from ${scheduleText(schedule)}?`.slice(0, 200),
    timeline: timelineOf(schedule),
    expect: [...expectOf(schedule), ...demanded(evidence)],
  };
  return { name, text: findingFile(finding), command };
}

/** What fails as long as the finding is there, where the scenario's own expectations say nothing of it. */
function demanded(evidence: Evidence): object[] {
  if (evidence.kind !== 'slower-than-promised') return [];
  const atMost = `${Math.ceil(evidence.promisedMs * 3 + 500)}ms`;
  return [{ kind: 'expectation', metric: 'networkOutageMs', atMost, healCounts: true }];
}

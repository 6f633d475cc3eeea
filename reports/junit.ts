/**
 * JUnit XML. A test case for each trial's measurement, for each expectation of each trial, and for
 * the run as a whole. What was measured and missed is a failure; what could not be measured is an
 * error, or skipped where the run has its answer without it: so a file without failures and errors
 * means verdict `pass`, and nothing else does.
 */
import type {
  ExpectationResult,
  JudgedRun,
  RunResult,
  Summary,
  TrialResult,
} from '../harness/model/result.js';
import { isValid, validTrials } from '../harness/model/trial-status.js';
import { adviceOf } from './advice/index.js';
import { overTrials } from './attempts.js';
import { formatQuantity } from './format.js';
import { formatMeasured, headlineSentence } from './headline.js';
import { type JunitCase, type JunitSuite, junitDocument } from './junit-document.js';
import { sentencesOf } from './reasons/index.js';
import { detailText } from './reasons/reading.js';
import { quoteCommand } from './shell.js';
import { renderTerminal } from './terminal/terminal.js';

/** A scenario that could not be begun. */
export interface RefusedRun {
  scenario: string;
  message: string;
  exitCode: number;
  /** ISO wall time. */
  wallTime: string;
}

/** One document with a suite for every run, and one for every scenario that could not be begun. */
export function renderJunit(runs: JudgedRun[], refused: readonly RefusedRun[] = []): string {
  return junitDocument([
    ...runs.map((run) => ({
      name: run.result.scenario,
      wallTime: run.result.wallTime,
      properties: junitProperties(run.result),
      cases: testCases(run),
      output: renderTerminal(run, { columns: 100, colour: false }),
    })),
    ...refused.map(refusedSuite),
  ]);
}

function refusedSuite({ scenario, message, wallTime }: RefusedRun): JunitSuite {
  const problem = { kind: 'error' as const, message };
  return {
    ...{ name: scenario, wallTime, properties: {}, output: message },
    cases: [{ name: 'the scenario can be run', className: scenario, timeS: 0, problem }],
  };
}

/** Where and how the trials were made. */
export function junitProperties(result: RunResult): Record<string, string> {
  return {
    runId: result.runId,
    verdict: result.verdict,
    seed: String(result.seed),
    clock: result.environment.clock ?? 'real',
    controller: result.controller,
    ...(result.routing === null ? {} : { routing: result.routing }),
    trials: overTrials(validTrials(result.trials).length, result.trials.length),
    ...medianProperties('networkOutage', result.summary.networkOutageMs),
    ...medianProperties('tcpStall', result.summary.tcpStallMs),
    datapath: result.environment.datapath,
    openVSwitch: result.environment.ovs,
    kernel: result.environment.kernel,
    command: quoteCommand(result.command),
  };
}

/** In milliseconds, so that a CI system can draw them over its builds. */
function medianProperties(name: string, { n, censored, median, max }: Summary) {
  if (n === 0) return {};
  const text = (ms: number | null) => (ms === null ? 'never' : String(ms));
  return {
    [`${name}MedianMs`]: text(median),
    [`${name}MaxMs`]: censored > 0 ? 'never' : text(max),
  };
}

function testCases(run: JudgedRun): JunitCase[] {
  const { result } = run;
  const trials = result.trials.flatMap((trial) => trialCases(trial, result));
  const todo = adviceOf(result).map((line) => `What to do now: ${line}`);
  const message = [...sentencesOf(result.reasons), headlineSentence(run), ...todo].join('\n');
  return [
    {
      name: 'verdict of the run',
      className: result.scenario,
      timeS: 0,
      problem: problemOf(result.verdict, message),
    },
    ...trials,
  ];
}

/** A run that passes may have a trial that proves nothing: it is shown, and counts as neither. */
function trialCases(trial: TrialResult, { scenario, verdict }: RunResult): JunitCase[] {
  const open = verdict === 'pass' ? 'skipped' : 'error';
  const className = `${scenario}.trial ${trial.index + 1}`;
  const reasons = sentencesOf(trial.reasons).join('\n') || trial.verdict;
  return [
    {
      name: 'measurement is valid',
      className,
      timeS: trial.timing.totalMs / 1000,
      problem: !isValid(trial) ? { kind: open, message: reasons } : null,
    },
    ...trial.expectations.map((expectation) => ({
      name: expectation.text,
      className,
      timeS: 0,
      problem: isValid(trial)
        ? problemOf(expectation.verdict, expectationMessage(expectation), open)
        : { kind: 'skipped' as const, message: `not judged: the trial is ${trial.status}` },
    })),
  ];
}

function problemOf(
  verdict: TrialResult['verdict'],
  message: string,
  open: 'error' | 'skipped' = 'error',
): JunitCase['problem'] {
  if (verdict === 'pass') return null;
  return { kind: verdict === 'fail' ? 'failure' : open, message };
}

function expectationMessage(expectation: ExpectationResult): string {
  const { bound, unit } = expectation;
  const detail = detailText(expectation.detail);
  const parts = [`measured ${formatMeasured(expectation)}`];
  if (bound !== null) parts.push(`bound ${formatQuantity(bound, unit)}`);
  if (detail !== '') parts.push(detail);
  return parts.join('; ');
}

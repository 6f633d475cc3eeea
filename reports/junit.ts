/**
 * JUnit XML. A test case for each trial's measurement, for each expectation of each trial, and for
 * the run as a whole. What was measured and missed is a failure; what could not be measured is an
 * error: so a file without either means verdict `pass`, and nothing else does.
 */
import type { ExpectationResult, JudgedRun, TrialResult } from '../harness/analysis/result.js';
import { escapeText, escapeXml } from './escape.js';
import { formatQuantity } from './format.js';
import { headlineSentence } from './headline.js';
import { quoteCommand } from './shell.js';
import { renderTerminal } from './terminal/terminal.js';

interface TestCase {
  name: string;
  className: string;
  timeS: number;
  problem: { kind: 'failure' | 'error'; message: string } | null;
}

/** One document with a suite for every run. */
export function renderJunit(runs: JudgedRun[]): string {
  const suites = runs.map((run) => ({ run, cases: testCases(run) }));
  const all = suites.flatMap((suite) => suite.cases);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: 'failover-lab', ...counts(all) })}>`,
    ...suites.map(({ run, cases }, index) => suiteText(run, cases, index)),
    '</testsuites>',
    '',
  ].join('\n');
}

function testCases(run: JudgedRun): TestCase[] {
  const { result } = run;
  const trials = result.trials.flatMap((trial) => trialCases(trial, result.scenario));
  const message = [...result.reasons, headlineSentence(run)].join('\n');
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

function trialCases(trial: TrialResult, scenario: string): TestCase[] {
  const className = `${scenario}.trial ${trial.index + 1}`;
  const reasons = trial.reasons.join('\n') || trial.verdict;
  const unmeasured = trial.verdict === 'inconclusive';
  return [
    {
      name: 'measurement is valid',
      className,
      timeS: trial.timing.totalMs / 1000,
      problem: unmeasured ? { kind: 'error', message: reasons } : null,
    },
    ...trial.expectations.map((expectation) => ({
      name: expectation.text,
      className,
      timeS: 0,
      problem: problemOf(expectation.verdict, expectationMessage(expectation)),
    })),
  ];
}

function problemOf(verdict: TrialResult['verdict'], message: string): TestCase['problem'] {
  if (verdict === 'pass') return null;
  return { kind: verdict === 'fail' ? 'failure' : 'error', message };
}

function expectationMessage({ measured, bound, unit, detail }: ExpectationResult): string {
  const parts = [`measured ${formatQuantity(measured, unit)}`];
  if (bound !== null) parts.push(`bound ${formatQuantity(bound, unit)}`);
  if (detail !== '') parts.push(detail);
  return parts.join('; ');
}

function suiteText(run: JudgedRun, cases: TestCase[], index: number): string {
  const { result } = run;
  const properties: Record<string, string> = {
    runId: result.runId,
    seed: String(result.seed),
    controller: result.controller,
    datapath: result.environment.datapath,
    openVSwitch: result.environment.ovs,
    kernel: result.environment.kernel,
    command: quoteCommand(result.command),
  };
  const suite = {
    id: index,
    package: 'failover-lab',
    name: escapeText(result.scenario),
    // The schema of most readers takes a time without a zone; it is UTC.
    timestamp: result.wallTime.replace(/(\.\d+)?(Z|[+-]\d\d:\d\d)$/, ''),
    hostname: 'localhost',
    ...counts(cases),
  };
  const report = escapeXml(renderTerminal(run, { columns: 100, colour: false }));
  return [
    `  <testsuite${attributes(suite)}>`,
    '    <properties>',
    ...Object.entries(properties).map(
      ([name, value]) => `      <property${attributes({ name, value: escapeText(value) })}/>`,
    ),
    '    </properties>',
    ...cases.map(caseText),
    `    <system-out>${report}</system-out>`,
    '    <system-err></system-err>',
    '  </testsuite>',
  ].join('\n');
}

function caseText({ name, className, timeS, problem }: TestCase): string {
  const open = `    <testcase${attributes({
    classname: escapeText(className),
    name: escapeText(name),
    time: timeS.toFixed(3),
  })}`;
  if (problem === null) return `${open}/>`;
  const [first = ''] = problem.message.split('\n');
  const type = problem.kind === 'failure' ? 'expectation' : 'inconclusive';
  const message = attributes({ message: escapeText(first), type });
  const body = problem.message.split('\n').map(escapeText).map(escapeXml).join('\n');
  return `${open}>\n      <${problem.kind}${message}>${body}</${problem.kind}>\n    </testcase>`;
}

function counts(cases: TestCase[]): Record<string, string | number> {
  const of = (kind: 'failure' | 'error'): number =>
    cases.filter((each) => each.problem?.kind === kind).length;
  const timeS = cases.reduce((sum, each) => sum + each.timeS, 0);
  return {
    tests: cases.length,
    failures: of('failure'),
    errors: of('error'),
    time: timeS.toFixed(3),
  };
}

function attributes(values: Record<string, string | number>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escapeXml(String(value))}"`)
    .join('');
}

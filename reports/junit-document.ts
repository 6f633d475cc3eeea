/**
 * The form of JUnit XML: suites, cases and counts. What they say is written in `junit.ts` for runs
 * and in `gate/junit.ts` for gates.
 */
import { escapeText, escapeXml } from './escape.js';

export interface JunitProblem {
  /** `skipped` counts neither for nor against. */
  kind: 'failure' | 'error' | 'skipped';
  /** The first line is shown in lists. */
  message: string;
}

export interface JunitCase {
  name: string;
  className: string;
  timeS: number;
  problem: JunitProblem | null;
}

export interface JunitSuite {
  name: string;
  /** ISO wall time. */
  wallTime: string;
  properties: Record<string, string>;
  cases: JunitCase[];
  /** What a person would have read at the terminal. */
  output: string;
}

/** One document with all suites. */
export function junitDocument(suites: readonly JunitSuite[]): string {
  const all = suites.flatMap((suite) => suite.cases);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: 'failover-lab', ...counts(all) })}>`,
    ...suites.map(suiteText),
    '</testsuites>',
    '',
  ].join('\n');
}

function suiteText({ name, wallTime, properties, cases, output }: JunitSuite, id: number): string {
  const suite = {
    id,
    package: 'failover-lab',
    name: escapeText(name),
    // The schema of most readers takes a time without a zone; it is UTC.
    timestamp: wallTime.replace(/(\.\d+)?(Z|[+-]\d\d:\d\d)$/, ''),
    hostname: 'localhost',
    ...counts(cases),
  };
  return [
    `  <testsuite${attributes(suite)}>`,
    '    <properties>',
    ...Object.entries(properties).map(
      ([key, value]) => `      <property${attributes({ name: key, value: escapeText(value) })}/>`,
    ),
    '    </properties>',
    ...cases.map(caseText),
    `    <system-out>${escapeXml(output)}</system-out>`,
    '    <system-err></system-err>',
    '  </testsuite>',
  ].join('\n');
}

const types = { failure: 'expectation', error: 'inconclusive' } as const;

function caseText({ name, className, timeS, problem }: JunitCase): string {
  const open = `    <testcase${attributes({
    classname: escapeText(className),
    name: escapeText(name),
    time: timeS.toFixed(3),
  })}`;
  if (problem === null) return `${open}/>`;
  const [first = ''] = problem.message.split('\n');
  const message = escapeText(first);
  if (problem.kind === 'skipped') {
    return `${open}>\n      <skipped${attributes({ message })}/>\n    </testcase>`;
  }
  const said = attributes({ message, type: types[problem.kind] });
  const body = problem.message.split('\n').map(escapeText).map(escapeXml).join('\n');
  return `${open}>\n      <${problem.kind}${said}>${body}</${problem.kind}>\n    </testcase>`;
}

function counts(cases: readonly JunitCase[]): Record<string, string | number> {
  const of = (kind: JunitProblem['kind']): number =>
    cases.filter((each) => each.problem?.kind === kind).length;
  const timeS = cases.reduce((sum, each) => sum + each.timeS, 0);
  const skipped = of('skipped');
  return {
    tests: cases.length,
    failures: of('failure'),
    errors: of('error'),
    ...(skipped > 0 ? { skipped } : {}),
    time: timeS.toFixed(3),
  };
}

function attributes(values: Record<string, string | number>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escapeXml(String(value))}"`)
    .join('');
}

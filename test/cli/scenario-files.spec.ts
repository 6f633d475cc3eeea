/**
 * A scenario file is a program of somebody else's: what it does while it is loaded must not pass for
 * a result, reach standard output, hold the command, or leave a stack trace.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { execa } from 'execa';
import { packageRoot } from '../../harness/package-root.js';

const program = join(packageRoot(), 'harness/setup/start.mjs');
const valid = `import { at, host, iperf3, linkDown, linkOf, link, noController, ovsSwitch, scenario } from 'failover-lab';
const good = scenario({
  question: 'Does it load?',
  topology: [host('h1'), host('h2'), ovsSwitch('s1'), link('h1', 's1'), link('h2', 's1')],
  controller: noController(),
  traffic: [iperf3('h1', 'h2')],
  timeline: [at('5s', linkDown(linkOf('h1', 's1')))],
});
`;

async function validate(text: string, ...words: string[]) {
  const file = test.info().outputPath('written.ts');
  writeFileSync(file, text);
  const options = { reject: false, timeout: 60_000 } as const;
  const done = await execa(process.execPath, [program, 'validate', file, ...words], options);
  return { file, ...done };
}

const refused: Array<[string, string, string]> = [
  ['ends the process as if it had passed', 'process.exit(0);', 'the file calls process.exit(0)'],
  ['ends the process as if it had failed', 'process.exit(1);', 'the file calls process.exit(1)'],
  [
    'catches what process.exit throws',
    'try { process.exit(0); } catch {}\nexport default good;',
    'the file calls process.exit(0)',
  ],
  [
    'leaves a rejected promise',
    "Promise.reject(new Error('lost'));\nexport default good;",
    ':9: lost',
  ],
  [
    'throws from a timer',
    "setTimeout(() => { throw new Error('late'); }, 0);\nawait new Promise((done) => setTimeout(done, 50));\nexport default good;",
    ':9: late',
  ],
  ['throws what is not an error', 'throw null;', 'the file throws null, not an Error'],
  ['exports nothing', 'export default undefined;', 'has no default export'],
  ['exports null', 'export default null;', 'expected a scenario, got null'],
  ['exports a promise', 'export default Promise.resolve(good);', "plain data, got 'Promise'"],
  [
    'has a getter that throws',
    "export default { ...good, get limits() { throw new Error('boom'); } };",
    "limits: cannot be read: 'boom'",
  ],
];
for (const [what, statement, message] of refused) {
  test(`a file that ${what} is refused`, async () => {
    const done = await validate(`${valid}${statement}\n`);
    expect(done.stderr).toContain(message);
    expect(done.stderr).not.toMatch(/^ +at /m);
    expect(done.stdout).toBe('');
    expect(done.exitCode).toBe(64);
  });
}

test('what a file prints does not stand among results', async () => {
  const done = await validate(
    `${valid}console.log('printed');\nprocess.stdout.write('raw');\nexport default good;\n`,
    '--json',
  );
  expect(JSON.parse(done.stdout)).toMatchObject({ question: 'Does it load?' });
  expect(done.stderr).toContain('printed\nraw');
  expect(done.exitCode).toBe(0);
});

test('a timer that a file leaves running does not hold the command', async () => {
  const done = await validate(`${valid}setInterval(() => {}, 1000);\nexport default good;\n`);
  expect(done.exitCode).toBe(0);
});

test('an error that nobody waits for is not the exit code of a verdict', async () => {
  const statement = "setTimeout(() => { throw new Error('late'); }, 300);";
  const done = await validate(`${valid}${statement}\nexport default good;\n`);
  expect(done.stderr).toContain('late');
  expect(done.exitCode).toBe(70);
});

test('characters that steer a terminal are shown, not sent', async () => {
  const done = await validate(`${valid}throw new Error('red \\x1b[31m');\n`);
  expect(done.stderr).toContain('red \\u001b[31m');
  expect(done.stderr).not.toContain('\x1b');
});

test('with --json a wrong option is an error in JSON as well', async () => {
  const done = await validate(`${valid}export default good;\n`, '--json', '--bogus');
  expect(JSON.parse(done.stdout)).toEqual({
    error: { code: 'WRONG_USE', message: "unknown option '--bogus'" },
  });
  expect(done.exitCode).toBe(64);
});

test('compare leaves no folder behind when a scenario or controller is refused', async () => {
  const cwd = test.info().outputPath();
  const words = (scenario: string, list: string) => ['compare', scenario, '--controllers', list];
  for (const [scenario, list] of [
    ['nosuch', 'floyd,none'],
    ['relay-failover-fast', 'floyd,nosuch'],
  ] as const) {
    const options = { reject: false, cwd, timeout: 60_000 } as const;
    const done = await execa(process.execPath, [program, ...words(scenario, list)], options);
    expect(done.exitCode).toBe(64);
    expect(existsSync(join(cwd, 'runs'))).toBe(false);
  }
});

/** Options of trials on other machines that contradict each other, before any machine is reached. */
import { expect, test } from '@playwright/test';
import { failoverLab } from '../lab/program.js';

const refused: [string[], string][] = [
  [['--on', 'lab1', '--queue', 'redis://farm'], '--on and --queue both name machines.'],
  [['--ssh-config', 'x'], '--ssh-config is for --on, which is not given.'],
  [['--on', 'lab1', '--reuse'], '--reuse keeps a lab; with --on each trial gets a fresh lab'],
  [['--on', 'lab1;reboot'], '--on has "lab1;reboot", which is not a machine.'],
  [['--on', 'lab1,2/lab1'], '--on names lab1 more than once.'],
  [['--queue', 'farm'], '--queue is not the address of a Redis server.'],
  [['--queue', 'redis://:s3cret@farm'], '--queue has a password'],
];

for (const [words, message] of refused) {
  test(`run ${words.join(' ')} is refused`, () => {
    const { status, stderr } = failoverLab(['run', 'relay-failover', ...words]);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('s3cret');
    expect(status).toBe(64);
  });
}

test('a worker needs a queue, and a name that fits', () => {
  const none = failoverLab(['worker']);
  expect(none.status).toBe(64);
  expect(none.stderr).toContain("required option '--queue <url>' not specified");
  const named = failoverLab(['worker', '--queue', 'redis://farm', '--name', 'a b']);
  expect(named.stderr).toContain('The worker\'s name is "a b".');
  expect(named.status).toBe(64);
});

test('help shows what people start, and not what machines start', () => {
  const { stdout } = failoverLab(['--help']);
  expect(stdout).toMatch(/^ {2}worker /m);
  expect(stdout).not.toMatch(/^ {2}far /m);
});

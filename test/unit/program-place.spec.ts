/** Programs on this machine and by ssh: how they end, whatever they do. */
import { spawnSync } from 'node:child_process';
import { expect, test } from '@playwright/test';
import { placeBySsh, quoted, thisMachine } from '../../harness/sites/machine-places.js';

test('what a shell would read is quoted', () => {
  for (const word of ['plain', 'two words', "it's", '$(id)', '', 'a\nb', '{"cmd":"end"}']) {
    const { stdout } = spawnSync('sh', ['-c', `printf %s ${quoted(word)}`], { encoding: 'utf8' });
    expect(stdout).toBe(word);
  }
});

test('a program runs to its end, with its input', async () => {
  const words = ['sh', '-c', 'cat; echo trouble >&2; exit 3'];
  expect(await thisMachine.exec(words, { limitMs: 10_000, input: 'asked\n' })).toEqual({
    ...{ exitCode: 3, timedOut: false, stdout: 'asked\n', stderr: 'trouble\n' },
  });
});

test('one that leaves its input unread, or cannot be started, has ended as well', async () => {
  const input = 'x'.repeat(1_000_000);
  const unread = await thisMachine.exec(['true'], { limitMs: 10_000, input });
  expect(unread).toMatchObject({ exitCode: 0, timedOut: false });
  const missing = await thisMachine.exec(['no-such-program-here'], { limitMs: 10_000 });
  expect(missing).toMatchObject({ exitCode: null, timedOut: false });
  expect(missing.stderr).toContain('ENOENT');
});

test('one that outlives its limit is killed, also where it left something in the background', async () => {
  const words = ['sh', '-c', 'echo begun; sleep 20 & exec sleep 20'];
  const before = performance.now();
  const end = await thisMachine.exec(words, { limitMs: 300 });
  expect(end).toMatchObject({ exitCode: null, timedOut: true });
  expect(performance.now() - before).toBeLessThan(5_000);
});

test('what stays in the background with standard error open is not waited for', async () => {
  const words = ['sh', '-c', 'sleep 20 >&- 2>&2 & echo done'];
  const before = performance.now();
  expect(await thisMachine.exec(words, { limitMs: 15_000 })).toMatchObject({ exitCode: 0 });
  expect(performance.now() - before).toBeLessThan(10_000);
});

test('another machine gets one command for its shell, word by word', async () => {
  // A stand-in for ssh that runs the command here, as sshd would have a shell do it.
  const via = ['sh', '-c', 'exec sh -c "$2"', 'sh'];
  const place = placeBySsh(via, 'lab1');
  expect(place.name).toBe('lab1');
  const { stdout } = await place.exec(['printf', '%s\n', "it's", '$(id)'], { limitMs: 10_000 });
  expect(stdout).toBe("it's\n$(id)\n");
});

test('a program that is spawned reads the farewell when its input is closed', async () => {
  const program = thisMachine.spawn(['cat'], 'farewell');
  let text = '';
  program.stdout.setEncoding('utf8').on('data', (piece) => {
    text += piece;
  });
  program.send('one\n');
  program.close();
  expect(await program.ended).toEqual({ exitCode: 0, stderr: '' });
  expect(text).toBe('one\nfarewell\n');
});

/** The pauses of `mn -c` wait for what it has signalled, and for nothing else. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';

const folder = fileURLToPath(new URL('../../harness/lab/mininet/bridge', import.meta.url));

/** Seconds that a pause of `seconds` takes while `program` runs, waiting for the process `name`. */
function pauseSeconds(seconds: number, program: string[], name: string): number {
  const script = `
import subprocess, sys, threading, time
sys.path.insert(0, sys.argv[1])
from mn_clean import names_running, pause
child = subprocess.Popen(sys.argv[4:])
threading.Thread(target=child.wait, daemon=True).start()
while sys.argv[3] != "no-such-process" and sys.argv[3] not in names_running(): time.sleep(0.01)
start = time.monotonic()
pause(float(sys.argv[2]), {sys.argv[3]})
print(time.monotonic() - start)
child.kill()
`;
  const words = ['-B', '-c', script, folder, String(seconds), name, ...program];
  const { stdout, stderr } = spawnSync('/usr/bin/python3', words, { encoding: 'utf8' });
  expect(stderr).toBe('');
  return Number(stdout);
}

test('a pause ends when nothing it waits for runs any more', () => {
  expect(pauseSeconds(20, ['sleep', '5'], 'no-such-process')).toBeLessThan(3);
});

test('a pause lasts while what it waits for runs, and no longer than it was to', () => {
  const named = ['bash', '-c', 'printf pausing > /proc/$$/comm; read -t $1 <> <(:); true', 'x'];
  const ended = pauseSeconds(20, [...named, '0.6'], 'pausing');
  expect(ended).toBeGreaterThan(0.3);
  expect(ended).toBeLessThan(15);
  const limited = pauseSeconds(0.3, [...named, '5'], 'pausing');
  expect(limited).toBeGreaterThanOrEqual(0.3);
  expect(limited).toBeLessThan(4);
});

/** `--on`: machines that are reached by ssh, one of them killed, one cut off, others not fit. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { readRun } from '../../harness/campaign/store/read-run.js';
import { packageRoot } from '../../harness/package-root.js';
import { FarMachines } from './far-machines.js';
import { historyBelow } from './lab-processes.js';

test.skip(process.getuid?.() !== 0, 'network namespaces with ssh servers need root');

let machines: FarMachines;
test.beforeEach(async () => {
  machines = await FarMachines.start(3);
});
test.afterEach(() => machines.end());

const three = 'root@lab1,root@lab2,root@lab3';
const on = (names: string) => ['--on', names, '--ssh-config', machines.sshConfig];

test('empty trials on three machines, one killed and one cut off on the way: each counts once', async () => {
  test.setTimeout(180_000);
  const words = ['bench', 'farm', '--trials', '30', '--empty-ms', '700', '--json', ...on(three)];
  let broken = 0;
  const { ended } = machines.failoverLab(words, {
    onText: (text) => {
      // When the machines are ready, and a moment later.
      if (!text.includes('root@lab3  ready') || broken > 0) return;
      broken = 1;
      setTimeout(() => machines.kill('lab2'), 4000);
      setTimeout(() => machines.cutOff('lab3'), 6000);
    },
  });
  const { stdout, stderr, status } = await ended;
  expect(status, stderr).toBe(0);
  const result = JSON.parse(stdout);
  expect(result).toMatchObject({ trials: 30, done: 30, failures: [] });
  expect(stderr).toMatch(
    /root@lab2 {2}(trial \d+ is executed elsewhere|refuses ssh|does not answer)/,
  );
  expect(stderr).toMatch(/root@lab3 {2}.*(was lost|does not answer|executed elsewhere)/);
});

test('machines that are not fit are left out, each with its reason', async () => {
  const { folder } = machines;
  // Nothing listens on lab1; the key of lab2 is unknown; lab3 has an old Node.
  machines.kill('lab1');
  machines.shell(`sed -i '/^lab2 /d' ${folder}/known_hosts`);
  writeFileSync(join(folder, 'lab3/bin/node'), '#!/bin/sh\necho v18.19.0\n', { mode: 0o755 });
  const refused = await machines.failoverLab(['bench', 'farm', '--trials', '1', ...on(three)])
    .ended;
  expect(refused.status, refused.stderr).toBe(69);
  expect(refused.stderr).toContain('root@lab1 refuses ssh: nothing listens on port 22.');
  expect(refused.stderr).toContain('The host key of lab2 is unknown here. Connect once by hand');
  expect(refused.stderr).toContain('root@lab3 has Node 18.19.0; failover-lab needs Node 20.12');
});

test('a machine without space is left out, and the others execute the trials', async () => {
  machines.inside('lab2', `mount -t tmpfs -o size=1m full ${machines.folder}/lab2/cache`);
  const words = ['bench', 'farm', '--trials', '4', '--json', ...on('root@lab1,root@lab2')];
  const { status, stdout, stderr } = await machines.failoverLab(words).ended;
  expect(status, stderr).toBe(0);
  expect(stderr).toMatch(/root@lab2 {2}left out: The disk of root@lab2 is full: \d+ MiB are free/);
  expect(JSON.parse(stdout)).toMatchObject({ done: 4, slots: 1 });
});

test('a real trial on another machine is recorded and judged here, and ends by one Ctrl-C', async () => {
  test.setTimeout(240_000);
  const out = mkdtempSync(join(tmpdir(), 'farm-runs-'));
  try {
    const scenario = join(packageRoot(), 'test/fixtures/farm/short.ts');
    const words = [
      'run',
      scenario,
      '--trials',
      '3',
      '--seed',
      '3',
      '--out',
      out,
      ...on('root@lab1'),
    ];
    let asked = false;
    const run = machines.failoverLab(words, {
      onText: (text) => {
        if (asked || !text.includes('trial 2 traffic')) return;
        asked = true;
        run.interrupt();
      },
    });
    const { status, stderr } = await run.ended;
    expect(status, stderr).toBe(130);
    const { judged, events, folder } = await readRun(historyBelow(out) ?? '');
    const [first, second, third] = judged.result.trials;
    expect(first?.status).not.toBe('interrupted');
    expect(first?.network?.forward ?? first?.network).toBeTruthy();
    expect(second?.status).toBe('interrupted');
    expect(third).toBeUndefined();
    const executed = events.flatMap((event) => (event.kind === 'trial.executed' ? [event] : []));
    expect(executed.map(({ machine }) => machine)).toEqual(['root@lab1', 'root@lab1']);
    expect(judged.result.cleanup.leftovers).toEqual([]);
    expect(readdirSync(join(folder, 'logs'))).toContain('trial-0');
    // Nothing of the labs runs any more, and nothing waits to be collected.
    machines.shell(`! pgrep -f '[f]ar trial' && ! pgrep ovs-vswitchd`);
    expect(readdirSync(join(machines.folder, 'lab1/cache/failover-lab/farm'))).toEqual(['work']);
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
});

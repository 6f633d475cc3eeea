/** A watch that cannot begin, or begins behind an address translation: one clear error each. */
import { spawnSync } from 'node:child_process';
import { expect, test } from '@playwright/test';
import { runResultSchema } from '../../harness/model/result.js';
import { TwoMachines, whyNoMachines } from '../fixtures/two-machines.js';

const missing = whyNoMachines();
test.skip(missing !== null, missing ?? '');
test.describe.configure({ mode: 'serial' });

let machines: TwoMachines;
test.beforeAll(async () => {
  machines = new TwoMachines(0);
  await machines.ready();
});
test.afterAll(() => machines?.close());

function watch(during: string, { ssh = '', between = 'h3.example,h4.example' } = {}) {
  const out = test.info().outputPath('runs');
  const via = `ssh -F ${machines.folder}/ssh ${ssh}`;
  const options = ['--between', between, '--via', via, '--during', during, '--out', out];
  const [name = '', ...words] = machines.words('watch', '--yes', '--json', ...options);
  return spawnSync(name, words, { encoding: 'utf8', timeout: 60_000 });
}

test('what keeps an end from beginning is named, with what to do, and nothing is left', async () => {
  test.setTimeout(120_000);
  const stranger = watch('1s', { ssh: '-o UserKnownHostsFile=/dev/null' });
  expect(stranger.status).toBe(69);
  expect(stranger.stderr).toContain('ssh cannot reach h3.example: Host key verification failed.');
  expect(stranger.stderr).toContain('Run `ssh h3.example` once');
  const refused = watch('1s', { ssh: '-p 2222' });
  expect(refused.stderr).toMatch(/ssh cannot reach h3\.example: .*Connection refused\./);
  const unknown = watch('1s', { between: 'h3.example=nowhere.invalid,h4.example' });
  expect(unknown.stderr).toContain('h4.example cannot resolve nowhere.invalid');
  const taken = machines.in('h4', '/usr/bin/python3', '-c', holdPort);
  await expect.poll(() => machines.udpPorts('h4')).toContain('47400');
  const busy = watch('1s');
  expect(busy.stderr).toContain('UDP port 47400 is in use on h4.example');
  await taken;
  const fast = machines.words('watch', '--between', 'h3.example,h4.example', '--rate', '5000');
  const asked = spawnSync(fast[0] ?? '', fast.slice(1), { encoding: 'utf8', input: '' });
  expect(asked.status).toBe(64);
  expect(asked.stderr).toContain('Add --yes');
  expect(machines.ends()).toEqual([]);
});

/** Another program has the port for as long as the watch is tried. */
const holdPort = `
import socket, time
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.bind(("", 47400))
time.sleep(6)
`;

test('probes that do not arrive are named by their way', async () => {
  test.setTimeout(60_000);
  const cut = machines.breakFor('ip daddr 10.9.4.2 udp dport 47400', 15_000);
  const deaf = watch('1s');
  expect(deaf.status).toBe(2);
  expect(deaf.stderr).toContain(
    'No probe arrived within 6 s from h3.example to h4.example (h4.example, UDP port 47400).',
  );
  await cut;
  expect(machines.ends()).toEqual([]);
});

test('behind an address translation the answers go where the probes come from', async () => {
  test.setTimeout(60_000);
  await machines.in('r', 'nft', translation);
  const done = watch('2s');
  expect(done.status, done.stderr).toBe(0);
  const result = runResultSchema.parse(JSON.parse(done.stdout));
  expect(result.trials[0]?.network?.forward?.packetsLost).toBe(0);
  const history = spawnSync('grep', ['-h', 'address-translated', '-r', test.info().outputDir]);
  expect(String(history.stdout)).toContain('"end":"h4.example"');
});

/** h4 is hidden behind the router: it is not reached unless it has sent before. */
const translation = `
add table ip hidden
add chain ip hidden out { type nat hook postrouting priority 100; policy accept; }
add rule ip hidden out ip saddr 10.9.4.2 udp dport 47400 masquerade to :50000-50100
add chain ip hidden in { type filter hook forward priority 0; policy accept; }
add rule ip hidden in ip daddr 10.9.4.2 udp dport 47400 ct state new drop
`;

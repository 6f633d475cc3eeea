/** A watched network without one: what is asked, what the ends print, and what is made of it. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { LabError } from '../../harness/errors.js';
import { judge } from '../../harness/judge/judge.js';
import { packageRoot } from '../../harness/package-root.js';
import { offsetOf } from '../../harness/watch/clock.js';
import { endFailure, unreached } from '../../harness/watch/end-failure.js';
import { onThisClock, readEndLine } from '../../harness/watch/end-lines.js';
import type { EndOptions } from '../../harness/watch/end-program.js';
import { LiveOutage } from '../../harness/watch/live.js';
import { runningWatches } from '../../harness/watch/marks.js';
import { machinesOf, type WatchPlan, wholeOf } from '../../harness/watch/request.js';
import { outageRows } from '../../reports/listed-outages.js';
import { buildHistory } from '../fixtures/constructed-history.js';

const refusal = (act: () => unknown): LabError => {
  try {
    act();
  } catch (thrown) {
    if (thrown instanceof LabError) return thrown;
  }
  throw new Error('it was not refused');
};

test('two machines, with users and addresses; everything else is refused by name', () => {
  expect(machinesOf('root@h3.example=10.0.0.3, h4.example')).toEqual([
    { name: 'h3.example', destination: 'root@h3.example', address: '10.0.0.3' },
    { name: 'h4.example', destination: 'h4.example', address: 'h4.example' },
  ]);
  const wrong: Array<[string, RegExp]> = [
    ['h3.example', /--between takes two machines, got 'h3.example'/],
    ['a,b,c', /takes two machines/],
    ['a,', /takes two machines/],
    ['root@a,b@a', /names a twice/],
    ['-oProxyCommand=x,b', /'-oProxyCommand' is not a machine/],
    ['a b,c', /'a b' is not a machine/],
    ['localhost,b', /localhost: its address is not stated/],
    ['a=$(id),b', /'\$\(id\)' is not a host name or IPv4 address/],
  ];
  for (const [between, message] of wrong) {
    const error = refusal(() => machinesOf(between));
    expect(error.code).toBe('WRONG_USE');
    expect(error.message).toMatch(message);
    expect(error.hint).toBeTruthy();
  }
  expect(wholeOf('--rate', '1000', 1, 10_000)).toBe(1000);
  for (const text of ['0', '1e9', 'x', '', '1.5']) {
    expect(refusal(() => wholeOf('--rate', text, 1, 10_000)).message).toContain(
      `--rate must be a whole number from 1 to 10000, got '${text}'`,
    );
  }
});

test('why an end cannot begin, with what to do', () => {
  const options: EndOptions = {
    token: '',
    meter: 'm',
    sends: 'forward',
    receives: 'reverse',
    peer: 'h4',
    port: 47400,
    rate: 1000,
    length: 64,
    leaseS: 900,
  };
  const by = (stderr: string, exitCode = 255) => {
    const { message, hint } = endFailure('h3', options, { exitCode, stderr });
    return `${message} ${hint}`;
  };
  expect(by('Host key verification failed.\r\n')).toMatch(
    /^ssh cannot reach h3: Host key.* Run `ssh h3` once/,
  );
  expect(by('root@h3: Permission denied (publickey).')).toContain('ssh-copy-id h3');
  expect(by('ssh: connect to host h3 port 22: Connection refused')).toContain(
    'an ssh server listens',
  );
  expect(by('ssh: Could not resolve hostname h3')).toContain('Check the name');
  expect(by('env: ‘python3’: No such file or directory', 127)).toMatch(
    /^python3 cannot be run on h3/,
  );
  expect(by('sh: 1: ssh: not found', 127)).toContain('openssh-client');
  const told = (failed: object) =>
    endFailure('h3', options, { kind: 'end.failed', ...failed } as never).message;
  expect(told({ reason: 'python', version: '3.5' })).toBe(
    'h3 has Python 3.5; an end needs 3.7 or newer.',
  );
  expect(told({ reason: 'port-taken' })).toBe(
    'UDP port 47400 is in use on h3; another watch may be running there.',
  );
  expect(told({ reason: 'peer-unknown', message: 'x' })).toContain('cannot resolve h4');
  const plan = { machines: machinesOf('h3=10.0.0.3,h4=10.0.0.4'), port: 47400 } as WatchPlan;
  expect(unreached(plan, [1]).message).toBe(
    'No probe arrived within 6 s from h3 to h4 (10.0.0.4, UDP port 47400).',
  );
});

test('the offset of a clock is that of the fastest answer', () => {
  const hour = 3600e9;
  const readings = [
    { askedNs: 1000, answeredNs: 9000, thereNs: hour + 2000 },
    { askedNs: 20_000, answeredNs: 20_400, thereNs: hour + 20_200 },
  ];
  expect(offsetOf(readings)).toEqual({ offsetNs: -hour, uncertaintyNs: 200 });
});

test('send stamps are moved by the sender, receive stamps by the receiver; lengths stay', () => {
  const text = JSON.stringify({
    ...{ line: 7, kind: 'meter.received', atNs: 5000, direction: 'forward' },
    ...{
      ranges: [
        [0, 2, 1_000_000, 2_000_000, 40],
        [5, 1, 5_500_000, 5_500_000, 4540],
      ],
    },
    ...{ silences: [[40, 4540, 5_500_000]], duplicates: 0, reordered: 0 },
    ...{ delayNs: { min: -999_960, median: -999_960, max: -999_960 }, lastRxNs: 4540 },
  });
  const line = readEndLine(text);
  expect(line?.line).toBe(7);
  if (line?.kind !== 'meter.received') throw new Error('not read');
  const moved = onThisClock(line, { offsetNs: 9_000_000 }, { offsetNs: 8_000_000 });
  expect(moved).toMatchObject({
    atNs: 9_005_000,
    ranges: [
      [0, 2, 9_000_000, 10_000_000, 9_000_040],
      [5, 1, 13_500_000, 13_500_000, 9_004_540],
    ],
    silences: [[9_000_040, 9_004_540, 13_500_000]],
    delayNs: { min: 40 },
    lastRxNs: 9_004_540,
  });
  for (const bad of ['no json', '{"kind":"meter.received"}', '{"kind":"end.pong","n":-1}', '{}']) {
    expect(readEndLine(bad)).toBeNull();
  }
});

test('an outage is seen while it lasts, and how long it was', () => {
  const live = new LiveOutage('forward', 1000);
  const sent = (atMs: number) => ({
    ...{ kind: 'meter.sent' as const, atNs: atMs * 1e6, direction: 'reverse' as const },
    ...{ firstSequence: 0, count: 1, firstTxNs: 0, lastTxNs: 0, maxLateNs: 0, errors: 0, gaps: [] },
  });
  const got = (first: number, count: number, fromMs: number) => ({
    ...{ kind: 'meter.received' as const, atNs: 0, direction: 'forward' as const },
    ranges: [[first, count, fromMs * 1e6, (fromMs + count - 1) * 1e6]] as never,
    ...{ silences: [], duplicates: 0, reordered: 0, delayNs: null },
    lastRxNs: (fromMs + count - 1) * 1e6,
  });
  expect(live.see(got(0, 100, 0))).toEqual([]);
  expect(live.see(sent(200))).toEqual([]);
  expect(live.see(sent(400))).toMatchObject([{ kind: 'dark', sinceNs: 99e6 }]);
  expect(live.see(sent(500))).toEqual([]);
  expect(live.see(got(700, 10, 700))).toMatchObject([
    { kind: 'back', outageMs: 601, announced: true },
  ]);
  expect(live.see(got(760, 10, 760))).toMatchObject([
    { kind: 'back', outageMs: 51, announced: false },
  ]);
  // Single packets are in the report alone.
  expect(live.see(got(771, 10, 771))).toEqual([]);
});

test('outages of a record without faults are listed, each with the mark beside it', () => {
  const at = (ms: number) => ms * 1e6;
  const mark = (ms: number, text: string) =>
    ({ kind: 'mark', trial: 0, atNs: at(ms), text, by: 'command' }) as const;
  const [trial] = judge(
    buildHistory({
      name: 'watched',
      trafficMs: 20_000,
      lossSpans: [
        { direction: 'forward', fromMs: 3000, toMs: 3150 },
        { direction: 'reverse', fromMs: 9000, toMs: 11_500 },
      ],
      extra: [mark(2900, 'pulled the cable'), mark(9400, 'router off')],
    }),
  ).result.trials;
  if (!trial) throw new Error('no trial');
  expect(trial.outages).toMatchObject([
    { direction: 'forward', packetsLost: 150, mark: 'pulled the cable' },
    { direction: 'reverse', packetsLost: 2500, mark: 'router off' },
  ]);
  expect(trial.outages.map(({ outageMs }) => Math.round(outageMs ?? 0))).toEqual([151, 2501]);
  expect(outageRows(trial).map(({ way, mark: text }) => [way, text])).toEqual([
    ['mark', 'pulled the cable'],
    [expect.stringContaining('→'), 'pulled the cable'],
    [expect.stringContaining('→'), 'router off'],
    ['mark', 'router off'],
  ]);
});

test('running watches are found in the table of sockets, this user’s alone', () => {
  const uid = process.getuid?.() ?? 0;
  const row = (name: string) => `0000: 00000002 00000000 00010000 0001 01 55 @${name}`;
  const table = [
    row(`failover-lab-mark-${uid}-2026-one@@@@`),
    row(`failover-lab-mark-${uid + 1}-other`),
    row('dbus'),
  ].join('\n');
  expect(runningWatches(table)).toEqual(['2026-one']);
});

test('the program of an end runs on Python 3.7, with nothing but its standard library', () => {
  const folder = join(packageRoot(), 'harness/lab/traffic/meter');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.py'))
    .map((name) => join(folder, name));
  expect(files.length).toBeGreaterThan(8);
  const check = `
import ast, sys
own = {path.rsplit("/", 1)[-1][:-3] for path in sys.argv[1:]}
for path in sys.argv[1:]:
    tree = ast.parse(open(path).read(), path, feature_version=(3, 7))
    for node in ast.walk(tree):
        names = [one.name for one in node.names] if isinstance(node, ast.Import) else [node.module] if isinstance(node, ast.ImportFrom) else []
        for name in names:
            top = name.split(".")[0]
            if top not in own and top not in sys.stdlib_module_names: print(path, name)
`;
  const done = spawnSync('/usr/bin/python3', ['-c', check, ...files], { encoding: 'utf8' });
  expect(done.stderr).toBe('');
  expect(done.stdout).toBe('');
  expect(readFileSync(join(folder, 'far/recorder.py'), 'utf8')).not.toMatch(/open\(/);
});

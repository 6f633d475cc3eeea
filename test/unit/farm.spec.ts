/** Trials on other machines: what travels, what is refused, what counts when a trial is executed twice. */
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import { commonPlace } from '../../harness/campaign/farm/common-place.js';
import { Executions } from '../../harness/campaign/farm/executions.js';
import { FarWorker } from '../../harness/campaign/farm/far-worker.js';
import type { ComeBack, Farm, FarOutcome, MachineNews } from '../../harness/campaign/farm/farm.js';
import { commandInData, foreignCode } from '../../harness/campaign/farm/foreign-code.js';
import { type FarJob, farJob, jobOf, planOfJob } from '../../harness/campaign/farm/job.js';
import { type FarRecord, pack, unpack } from '../../harness/campaign/farm/packed.js';
import type { MachineFacts } from '../../harness/campaign/farm/place.js';
import { parseQueue } from '../../harness/campaign/farm/queue/redis.js';
import { parseMachines } from '../../harness/campaign/farm/ssh/machines.js';
import { nodeTrouble, troubleOf } from '../../harness/campaign/farm/ssh/trouble.js';
import { readFarLine, readJobLog } from '../../harness/campaign/farm/ssh/wave.js';
import { firstDifference } from '../../harness/campaign/same-record.js';
import type { TrialPlan } from '../../harness/campaign/trial-plan.js';
import { judge } from '../../harness/judge/judge.js';
import { listScenarios, loadScenario } from '../../harness/language/load.js';
import { resolveScenario } from '../../harness/language/resolve.js';
import { type HistoryEvent, historyEvent } from '../../harness/model/history/events.js';
import type { ResolvedScenario } from '../../harness/model/resolved.js';
import { packageRoot } from '../../harness/package-root.js';
import { buildHistory } from '../fixtures/constructed-history.js';

const history = buildHistory({
  ...{ name: 'farm', trafficMs: 14_000, rateHz: 200, lossSpans: [] },
  fault: { atMs: 5000 },
});
const header = history.find((event) => event.kind === 'run.header');
if (header?.kind !== 'run.header') throw new Error('a history has a head');
const { environment, scenario } = header;
const inTrial = history
  .filter(({ kind }) => !kind.startsWith('run.'))
  .map((event) => historyEvent.parse(event));

const plan: TrialPlan = { scenario, index: 0, seed: 7, stratum: 2, phaseOffsetMs: 12.5 };
const jobFor = (key = 'run-1.0.0'): FarJob =>
  jobOf(plan, {
    ...{ package: '0.1.0-abc', runId: 'run-1', key, head: scenario },
    place: { sandbox: 'auto', datapath: 'user' },
  });

function recordOf(execution: string, events: readonly HistoryEvent[] = inTrial): FarRecord {
  return {
    ...{ execution, machine: 'vm', lines: events.map((event) => JSON.stringify(event)) },
    ...{ logs: { 'trial-0/runner.log': 'hello\n' }, end: { reason: 'completed', error: null } },
    ...{ leftovers: [], tookMs: 12 },
  };
}

const back = (execution: string, machine = 'root@lab1', key = 'run-1.0.0'): ComeBack => ({
  ...{ key, machine, record: recordOf(execution) },
});

test.describe('what travels', () => {
  test('a job holds the trial as it was planned, also where its scenario is not the head', () => {
    const other = { ...plan, attempt: 2, scenario: { ...scenario, question: 'Another?' } };
    const job = jobOf(other, { ...jobFor(), runId: 'run-1', key: 'k', head: scenario });
    const travelled = farJob.parse(JSON.parse(JSON.stringify(job)));
    expect(planOfJob(travelled)).toEqual(JSON.parse(JSON.stringify(other)));
    expect(Object.keys(travelled.trial.differs)).toEqual(['question']);
  });

  test('a record is compressed, and is the same again', () => {
    const record = recordOf('one');
    const packed = pack(record);
    expect(packed.length).toBeLessThan(JSON.stringify(record).length / 3);
    expect(unpack(packed)).toEqual(record);
  });

  for (const [what, packed] of [
    ['what is not compressed', Buffer.from('{}').toString('base64')],
    ['what is not JSON', gzipSync('nonsense').toString('base64')],
    ['what is not a record', gzipSync('{"lines":1}').toString('base64')],
    ['what unpacks to too much', gzipSync(Buffer.alloc(257 * 1024 * 1024)).toString('base64')],
  ] as const) {
    test(`${what} is refused`, () => {
      expect(() => unpack(packed)).toThrow(/The record from another machine/);
    });
  }

  test('a line of another program is not a far end', () => {
    expect(readFarLine('{"far":"begun","key":"k"}')).toBeNull();
    expect(readFarLine('Welcome to lab1')).toBeNull();
    expect(readFarLine('{"far":"alive","key":"k","execution":"e"}')?.far).toBe('alive');
  });
});

test.describe('a machine executes data, never code', () => {
  for (const name of listScenarios(packageRoot())) {
    test(`no word of ${name} is taken for a command`, async () => {
      const { written } = await loadScenario(name, packageRoot());
      expect(commandInData(resolveScenario(written, { name, seed: 1 }))).toBeNull();
    });
  }

  const bad = (change: (copy: ResolvedScenario) => void) => {
    const copy = structuredClone(scenario);
    change(copy);
    return copy;
  };
  const renamed = (name: string) =>
    bad((copy) => {
      const [node] = copy.topology.nodes;
      if (node) node.name = name;
    });
  for (const name of ['h1; reboot', '$(reboot)', '`reboot`', 'h1\nreboot', '-rf', "h1'", 'a|b']) {
    test(`a node named ${JSON.stringify(name)} is refused`, () => {
      expect(commandInData(renamed(name))).toBe(name);
    });
  }

  test('the text of a configuration is for a routing daemon, and for no other program', () => {
    const withDaemon = (program: string) =>
      bad((copy) => {
        const [node] = copy.topology.nodes;
        if (node) Object.assign(node, { daemons: [{ program, config: 'hostname r1\n' }] });
      });
    expect(commandInData(withDaemon('ospfd'))).toBeNull();
    expect(commandInData(withDaemon('/bin/sh'))).toBe('hostname r1\n');
  });

  test('so is a name that stands in a key', () => {
    const copy = bad(({ timeline }) => {
      const [step] = timeline;
      if (step?.action.kind === 'inject') step.action.fault.parameters['a;b'] = 1;
    });
    expect(commandInData(copy)).toBe('a;b');
  });

  const started = { label: 'x', readyWhen: null, readyTimeoutMs: 1000, environment: {} };
  const controllers: [string, ResolvedScenario['controller'], RegExp | null][] = [
    [
      'a command',
      { kind: 'command', argv: ['./ctl'], instances: 1, ...started },
      /command \.\/ctl/,
    ],
    ['static flows', { kind: 'static-flows', argv: ['sh', 'x'], ...started }, /command sh x/],
    [
      'an application by path',
      { kind: 'osken', label: 'x', applications: ['./app.py'], arguments: [] },
      /app\.py/,
    ],
    [
      'arguments of os-ken',
      {
        kind: 'osken',
        label: 'x',
        applications: ['os_ken.app.simple_switch'],
        arguments: ['a.py'],
      },
      /a\.py/,
    ],
    [
      'an application of os-ken itself',
      { kind: 'osken', label: 'x', applications: ['os_ken.app.simple_switch_13'], arguments: [] },
      null,
    ],
  ];
  for (const [what, controller, expected] of controllers) {
    test(`${what} ${expected ? 'is foreign code' : 'is not'}`, () => {
      const code = foreignCode({ ...scenario, controller });
      if (expected) expect(code).toMatch(expected);
      else expect(code).toBeNull();
    });
  }
});

test.describe('machines of --on', () => {
  test('names, users, ports by the configuration of ssh, trials at a time', () => {
    expect(parseMachines('root@lab1,2/root@lab2, localhost')).toEqual([
      { name: 'root@lab1', slots: null },
      { name: 'root@lab2', slots: 2 },
      { name: 'localhost', slots: null },
    ]);
  });

  for (const text of [
    '',
    'a,,b',
    '-oProxyCommand=x',
    'root@lab1 reboot',
    '0/lab1',
    'a;b',
    '2/-x',
  ]) {
    test(`${JSON.stringify(text)} is refused`, () => {
      expect(() => parseMachines(text)).toThrow(/is not a machine/);
    });
  }

  test('a machine that is named twice is refused', () => {
    expect(() => parseMachines('lab1,2/lab1')).toThrow('--on names lab1 more than once.');
  });
});

test.describe('what ssh prints when it fails', () => {
  const printed: [string, string, string][] = [
    [
      'SSH_REFUSED',
      'ssh: connect to host 10.9.0.3 port 2222: Connection refused',
      'root@lab1 refuses ssh: nothing listens on port 2222.',
    ],
    [
      'HOST_KEY_UNKNOWN',
      'No ED25519 host key is known for lab1 and you have requested strict checking.\nHost key verification failed.',
      'The host key of lab1 is unknown here.',
    ],
    [
      'HOST_KEY_CHANGED',
      '@  WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!  @\nHost key verification failed.',
      'The host key of lab1 differs from the known one.',
    ],
    [
      'SSH_DENIED',
      'root@lab1: Permission denied (publickey).',
      'root@lab1 accepts none of your ssh keys.',
    ],
    [
      'HOST_UNKNOWN',
      'ssh: Could not resolve hostname lab1: Name or service not known',
      'The name lab1 cannot be resolved to an address.',
    ],
    [
      'UNREACHABLE',
      'ssh: connect to host lab1 port 22: No route to host',
      'root@lab1 does not answer: the ssh connection was lost or timed out.',
    ],
    [
      'DISK_FULL',
      'tar: dist: Cannot write: No space left on device',
      'The disk of root@lab1 is full.',
    ],
  ];
  for (const [code, text, message] of printed) {
    test(code, () => {
      const trouble = troubleOf('root@lab1', { exitCode: 255, timedOut: false, stderr: text });
      expect(trouble).toMatchObject({ code, message });
      expect(trouble.hint).toBeTruthy();
    });
  }

  test('versions of Node', () => {
    expect(nodeTrouble('lab1', 'v20.12.0')).toBeNull();
    expect(nodeTrouble('lab1', 'v24.1.0\n')).toBeNull();
    expect(nodeTrouble('lab1', 'v20.11.1')?.message).toBe(
      'lab1 has Node 20.11.1; failover-lab needs Node 20.12 or newer.',
    );
    expect(nodeTrouble('lab1', 'none')?.code).toBe('NODE_MISSING');
  });

  test('a job log of GNU parallel, with a line that was cut off', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'job-log-')), 'jobs.tsv');
    const head = 'Seq\tHost\tStarttime\tJobRuntime\tSend\tReceive\tExitval\tSignal\tCommand';
    const text = `${head}\n2\t:\t1.5\t0.25\t2\t8\t0\t0\tx\n1\tlab1\t1.0\t3.0\t2\t0\t255\t0\tx\n3\tla`;
    writeFileSync(file, text);
    expect(readJobLog(file)).toEqual([
      { place: 2, machine: 'localhost', startedAtS: 1.5, tookS: 0.25, exitCode: 0, signal: 0 },
      { place: 1, machine: 'lab1', startedAtS: 1, tookS: 3, exitCode: 255, signal: 0 },
    ]);
  });
});

test.describe('the address of a queue', () => {
  test('host, port, user, database, TLS, and the password from the environment', () => {
    expect(parseQueue('redis://farm', {})).toEqual({ host: 'farm', port: 6379, db: 0 });
    const secret = { FAILOVER_LAB_REDIS_PASSWORD: 's3cret' };
    expect(parseQueue('rediss://lab@farm:6380/2', secret)).toEqual({
      ...{ host: 'farm', port: 6380, db: 2, username: 'lab', password: 's3cret' },
      tls: { servername: 'farm' },
    });
  });

  test('a password in it is refused, and not repeated', () => {
    const call = () => parseQueue('redis://:s3cret@farm', {});
    expect(call).toThrow(/has a password/);
    expect(call).not.toThrow(/s3cret/);
  });

  for (const text of ['farm', 'http://farm', 'redis://', 'redis://farm/x']) {
    test(`${text} is refused`, () => expect(() => parseQueue(text, {})).toThrow(/--queue/));
  }
});

test.describe('machines that share a record', () => {
  const facts = (change: Partial<MachineFacts['environment']>): MachineFacts => ({
    ...{ hostName: 'vm', package: 'p', processors: 2 },
    environment: { ...environment, ...change },
    capabilities: {
      ...{
        netem: true,
        tbf: true,
        htb: true,
        nftIngress: true,
        nftEgress: true,
        bonding: true,
        vlans: true,
      },
      ...{ ovsKernelDatapath: false, tunDevice: true, ovsVersion: '3.1.0', iperf3Version: '3.12' },
    },
  });

  test('in real time the largest group of alike ones; the others are kept apart with the reason', () => {
    const { used, apart } = commonPlace([
      { machine: 'a', facts: facts({ cores: 8 }) },
      { machine: 'b', facts: facts({ cores: 2 }) },
      { machine: 'c', facts: facts({ cores: 2, node: '22.1.0' }) },
    ]);
    expect(used.map(({ machine }) => machine)).toEqual(['b', 'c']);
    expect(apart).toEqual([{ machine: 'a', differences: ['cores 2 → 8'] }]);
  });
});

test.describe('a trial that was executed twice', () => {
  function watched() {
    const news: MachineNews[] = [];
    const first: ComeBack[] = [];
    const beyond: ComeBack[] = [];
    const executions = new Executions((one) => news.push(one));
    executions.onSurplus('run-1', (one) => beyond.push(one));
    executions.expect(jobFor(), (one) => first.push(one));
    const begin = (execution: string, machine: string) =>
      executions.hear({ far: 'begun', key: 'run-1.0.0', execution, machine });
    return { executions, news, first, beyond, begin };
  }

  test('counts once: the first record; the second is kept apart, and is not taken again', () => {
    const { executions, first, beyond } = watched();
    executions.take(back('one'));
    executions.take(back('two', 'root@lab2'));
    executions.take(back('two', 'root@lab2'));
    executions.take(back('one'));
    expect(first.map(({ record }) => record.execution)).toEqual(['one']);
    expect(beyond.map(({ record }) => record.execution)).toEqual(['two']);
    expect(executions.received('run-1')).toEqual(['one', 'two']);
  });

  test('the machine that had it before is reported as lost', () => {
    const { news, begin } = watched();
    begin('one', 'root@lab1');
    begin('two', 'root@lab2');
    expect(news.map(({ state, machine }) => `${state} ${machine}`)).toEqual([
      'begun root@lab1',
      'failed root@lab1',
      'begun root@lab2',
    ]);
  });

  test('a refusal is why it was executed nowhere', () => {
    const { executions, news } = watched();
    const trouble = { code: 'DISK_FULL', message: 'The disk of root@lab1 is full.' };
    const [key, execution, machine] = ['run-1.0.0', 'one', 'root@lab1'];
    executions.hear({ far: 'refused', key, execution, machine, trouble });
    expect(executions.troubleOf(jobFor())).toEqual(trouble);
    expect(news.at(-1)).toMatchObject({ state: 'failed', trial: 0, trouble });
  });
});

test.describe('what is recorded here', () => {
  function workerOf(outcome: FarOutcome, unrecorded: MachineNews[] = []) {
    let surplus = (_: ComeBack) => {};
    const farm: Farm = {
      ...{ environment, unrecorded, packageName: 'p', slots: 1, width: () => 1 },
      capabilities: {} as Farm['capabilities'],
      place: { sandbox: 'auto', datapath: 'user' },
      run: async () => outcome,
      onSurplus: (_runId, take) => {
        surplus = take;
      },
      ...{ collect: async () => surplus(back('two', 'root@lab2')), close: async () => {} },
    };
    const folder = mkdtempSync(join(tmpdir(), 'far-worker-'));
    const interrupted = new AbortController().signal;
    const worker = new FarWorker({ farm, folder, headScenario: scenario, interrupted });
    const events: HistoryEvent[] = [header as HistoryEvent];
    const record = { nowNs: () => 5, write: (event: HistoryEvent) => void events.push(event) };
    return { worker, folder, events, record };
  }

  test('the events that came, the machine, its logs; the second record in a file beside them', async () => {
    const { worker, folder, events, record } = workerOf({ done: back('one') });
    worker.watch('run-1');
    expect(await worker.run('run-1', plan, false, record)).toMatchObject({ reason: 'completed' });
    await worker.close();
    const executed = events.flatMap((event) => (event.kind === 'trial.executed' ? [event] : []));
    expect(executed.map(({ machine, execution }) => `${machine} ${execution}`)).toEqual([
      'root@lab1 one',
      'root@lab2 two',
    ]);
    expect(executed[0]?.apart).toBeUndefined();
    const kept = readFileSync(join(folder, executed[1]?.apart ?? ''), 'utf8');
    expect(kept.trim().split('\n')).toHaveLength(inTrial.length);
    expect(readFileSync(join(folder, 'logs/trial-0/runner.log'), 'utf8')).toBe('hello\n');
    const judged = judge(events).result;
    expect(judged.trials).toHaveLength(1);
    expect(judged.trials[0]?.verdict).toBe(judge(history).result.trials[0]?.verdict);
    // Who executed it is no part of what happened.
    expect(firstDifference([header as HistoryEvent, ...inTrial], events)).toBeNull();
  });

  test('an event of another trial, and a path that leads elsewhere, are not taken', async () => {
    const stray = { ...(inTrial[0] as HistoryEvent), trial: 3 };
    const done = back('one');
    done.record = { ...recordOf('one', [stray, ...inTrial]), logs: { '../../../x.log': 'x' } };
    const { worker, folder, events, record } = workerOf({ done });
    worker.watch('run-1');
    await worker.run('run-1', plan, false, record);
    expect(events.every(({ trial }) => trial === 0)).toBe(true);
    expect(events.filter(({ kind }) => kind === 'unreadable')).toHaveLength(1);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('a trial that no machine executed is invalid for the sake of machines, and can be replaced', async () => {
    const failed = { code: 'MACHINE_LOST', message: 'No machine has executed the trial.' };
    const trouble = { code: 'SSH_REFUSED', message: 'root@lab1 refuses ssh.' };
    const news: MachineNews = { state: 'failed', machine: 'root@lab1', trial: 0, trouble };
    const { worker, events, record } = workerOf({ failed }, [news]);
    worker.watch('run-1');
    const end = await worker.run('run-1', plan, false, record);
    expect(end.error?.code).toBe('MACHINE_LOST');
    expect(events.find(({ kind }) => kind === 'machine.news')).toMatchObject({ trouble });
    const [trial] = judge(events).result.trials;
    expect(trial?.status).toBe('invalid');
    expect(trial?.invalid[0]).toMatchObject({ cause: 'machine', data: { error: 'MACHINE_LOST' } });
  });
});

/**
 * `npm run farm-trials -- <ssh|queue> [trials] [real|virtual]`: real trials on three machines
 * (namespaces of this one), of which one is killed and one cut off on the way; with a queue, Redis
 * is killed and started again besides. Prints what became of the trials. It takes minutes, so it is no test.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readRun } from '../../harness/campaign/store/read-run.js';
import { packageRoot } from '../../harness/package-root.js';
import { FarMachines } from '../lab/far-machines.js';
import { historyBelow } from '../lab/lab-processes.js';
import { program } from '../lab/program.js';

const [way = 'ssh', trials = '60', clock = 'real'] = process.argv.slice(2);
const password = 'of-the-trials';
const redisUrl = 'redis://10.9.0.1:6379';
const scenario = join(packageRoot(), 'test/fixtures/farm/short.ts');
const out = mkdtempSync(join(tmpdir(), 'farm-trials-'));
const machines = await FarMachines.start(3);
const children: ChildProcess[] = [];

/** Starts a command where the campaign is, and resolves once it has printed `sign`. */
async function started(argv: string[], sign: RegExp): Promise<ChildProcess> {
  const [command = '', ...args] = machines.words('m0', argv);
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  await new Promise<void>((resolve, reject) => {
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (piece) => {
        text += piece;
        if (sign.test(text)) resolve();
      });
    }
    child.on('close', (code) => reject(new Error(`${argv[0]} ended with ${code}: ${text}`)));
  });
  return child;
}

const redis = () =>
  started(
    [
      ...['redis-server', '--port', '6379', '--bind', '10.9.0.1', '--dir', machines.folder],
      ...['--save', '', '--appendonly', 'yes', '--maxmemory-policy', 'noeviction'],
      ...['--requirepass', password],
    ],
    /Ready to accept connections/,
  );

function worker(name: string): Promise<ChildProcess> {
  const secret = `FAILOVER_LAB_REDIS_PASSWORD=${password}`;
  const words = `${secret} ${process.execPath} ${program} worker --queue ${redisUrl} --name ${name}`;
  return started(['ssh', '-F', machines.sshConfig, name, words], /takes trials from/);
}

/** What happens to the machines, each once so many trials are done. */
function troubles(server: boolean): { afterDone: number; happen: () => Promise<void> }[] {
  const share = (part: number) => Math.max(1, Math.floor(Number(trials) * part));
  return [
    {
      afterDone: share(0.25),
      happen: async () => {
        machines.kill('lab2');
        process.stderr.write('== lab2 was killed\n');
      },
    },
    {
      afterDone: share(0.4),
      happen: async () => {
        if (!server) return;
        machines.shell('pkill -9 redis-server');
        await sleep(1000);
        await redis();
        process.stderr.write('== Redis was killed and started again\n');
      },
    },
    {
      afterDone: share(0.6),
      happen: async () => {
        machines.cutOff('lab3');
        process.stderr.write('== lab3 was cut off\n');
      },
    },
  ];
}

async function campaign(): Promise<void> {
  const server = way === 'queue' ? await redis() : null;
  if (server) await Promise.all(['lab1', 'lab2', 'lab3'].map(worker));
  const where = server
    ? ['--queue', redisUrl]
    : ['--on', 'root@lab1,root@lab2,root@lab3', '--ssh-config', machines.sshConfig];
  const clocks = clock === 'virtual' ? ['--clock', 'virtual'] : [];
  const words = ['run', scenario, '--trials', trials, '--seed', '1', '--out', out, '--json'];
  const waiting = troubles(server !== null);
  const began = Date.now();
  const { ended } = machines.failoverLab([...words, ...clocks, ...where], {
    env: { FAILOVER_LAB_REDIS_PASSWORD: password },
    onText: (text) => {
      const done = text.match(/trial \d+ done/g)?.length ?? 0;
      if (done >= (waiting[0]?.afterDone ?? Number.POSITIVE_INFINITY)) {
        void waiting.shift()?.happen();
      }
    },
  });
  const { status, stderr } = await ended;
  const seconds = ((Date.now() - began) / 1000).toFixed(0);
  await report(`exit ${status} after ${seconds} s`, stderr);
}

async function report(how: string, stderr: string): Promise<void> {
  const { judged, events } = await readRun(historyBelow(out) ?? '');
  const executed = events.flatMap((event) => (event.kind === 'trial.executed' ? [event] : []));
  const counts = new Map<string, number>();
  for (const { machine } of executed) counts.set(machine, (counts.get(machine) ?? 0) + 1);
  const valid = judged.result.trials.filter(({ status }) => status === 'valid');
  const { median, min, max } = judged.result.summary.networkOutageMs;
  const machinesText = [...counts].map(([name, count]) => `${name} ${count}`).join(', ');
  const told = stderr.split('\n').filter((line) => /lost|elsewhere|gone|twice|answer/.test(line));
  console.log(
    [
      ...new Set(told),
      `${way}, ${clock} clock: ${how}, ${judged.result.verdict}`,
      `${valid.length} of ${trials} trials valid, ${new Set(valid.map(({ index }) => index)).size} different ones; executed: ${machinesText}`,
      `network outage: median ${median} ms, from ${min} to ${max} ms`,
      `leftovers: ${judged.result.cleanup.leftovers.length}`,
    ].join('\n'),
  );
}

try {
  await campaign();
} finally {
  for (const child of children) child.kill('SIGKILL');
  machines.end();
  rmSync(out, { recursive: true, force: true });
}

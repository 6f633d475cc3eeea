/**
 * `mn -c` where it can only see the lab: inside the sandbox, or in a corner of its own when the lab
 * is on the host. Then what is left is counted.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { nowNs } from '../clock.js';
import { packageRoot } from '../package-root.js';
import { hostObjects, hostObjectWords, removeHostObjects } from '../sites/host/objects.js';
import type { Journal } from './journal.js';
import { childEnvironment } from './lab.js';

const timeoutMs = 20_000;
/** How long the kernel may take for the dead: network namespaces are taken down one by one. */
const forcedMs = 10_000;

/**
 * On the host `mn -c` would delete every bridge of the host's Open vSwitch and every link that has a
 * name like Mininet's. So it runs without both in sight: there it ends the lab's processes and
 * clears the lab's /tmp, and the lab's bridges and links are removed by their mark.
 */
const corner = [
  ...['unshare', '--net', '--mount', '--', 'sh', '-ec'],
  'mount -n -t tmpfs failover-lab-corner /run && exec "$@"',
  'sh',
];

/** `mn -c`, whose pauses end with what they wait for. */
const mn = join(packageRoot(), 'harness/lab/mininet/bridge/mn_clean.py');

/** Run `mn -c`, record what it did and what it left. `builder`: the trial that built the lab. */
export async function mnClean(
  journal: Journal,
  builder: { trial: number; attempt: number; python: string },
  onHost: boolean,
): Promise<void> {
  const before = nowNs();
  const objects = onHost ? hostObjects() : [];
  removeHostObjects(objects);
  const [program = '', ...words] = [...(onHost ? corner : []), builder.python, '-B', mn];
  const result = await execa(program, words, {
    stdin: 'ignore',
    all: true,
    reject: false,
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
    extendEnv: false,
    env: childEnvironment(),
  });
  await endByForce(journal, onHost);
  journal.emit({
    kind: 'cleanup',
    atNs: nowNs(),
    leftovers: [
      ...insideProcesses().map(({ pid, name }) => `process ${pid} (${name})`),
      ...(onHost ? hostObjects().map(hostObjectWords) : insideInterfaces().map(interfaceWords)),
    ],
    mnCleanExitCode: result.exitCode ?? null,
    mnCleanMs: (nowNs() - before) / 1e6,
    mnCleanRemoved: [...objects.map(({ name }) => name), ...removedObjects(result.all ?? '')],
    lab: builder.trial,
    ...(builder.attempt > 0 ? { labAttempt: builder.attempt } : {}),
  });
}

/** Names that `mn -c` says it removed: bridges and links. Pure. */
export function removedObjects(output: string): string[] {
  return [...output.matchAll(/(?:ip link del|del-br|--if-exists del-br) ([\w.-]+)/g)].map(
    (match) => match[1] ?? '',
  );
}

/**
 * End what neither the lab's own undoing nor `mn -c` ended: the daemons of a bridge that died, or
 * that had to be killed because it did not answer. Whatever is in the sandbox is the lab's.
 */
async function endByForce(journal: Journal, onHost: boolean): Promise<void> {
  const interfaces = () => (onHost ? [] : insideInterfaces());
  const found = { processes: insideProcesses(), interfaces: interfaces() };
  if (found.processes.length + found.interfaces.length === 0) return;
  const deadline = nowNs() + forcedMs * 1e6;
  for (;;) {
    const processes = insideProcesses();
    for (const { pid } of processes) endProcess(pid);
    // Pairs whose other end was in a node go with the node, so what is left comes last.
    const left = processes.length > 0 ? [] : interfaces();
    for (const name of left) await deleteLink(name);
    if (processes.length + left.length === 0 || nowNs() > deadline) break;
    await sleep(20);
  }
  journal.warn({ code: 'ended-by-force', data: found });
}

async function deleteLink(name: string): Promise<void> {
  const limits = { timeout: 5_000, killSignal: 'SIGKILL' } as const;
  const env = { extendEnv: false, env: childEnvironment() };
  await execa('ip', ['link', 'del', name], { reject: false, ...limits, ...env });
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone between looking and ending.
  }
}

interface InsideProcess {
  pid: number;
  name: string;
}

/** Processes of the lab that still exist in the sandbox, by looking. */
function insideProcesses(): InsideProcess[] {
  const own = new Set([1, process.pid, process.ppid]);
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && !own.has(Number(entry)))
    .flatMap((entry) => describeProcess(Number(entry)));
}

/** Names of the interfaces that still exist in the sandbox. */
function insideInterfaces(): string[] {
  return (
    readFileSync('/proc/net/dev', 'utf8')
      .split('\n')
      .slice(2)
      .map((line) => line.split(':')[0]?.trim() ?? '')
      .filter((name) => name !== '' && name !== 'lo')
      // Made by the kernel in every network namespace when the module is built in.
      .filter(
        (name) =>
          !/^(sit0|tunl0|gre0|gretap0|erspan0|ip6tnl0|ip6gre0|ip_vti0|ip6_vti0|ovs-netdev)$/.test(
            name,
          ),
      )
  );
}

function interfaceWords(name: string): string {
  return `interface ${name}`;
}

function describeProcess(pid: number): InsideProcess[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const state = stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
    const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
    // A zombie is gone but for its name; process 1 reaps it.
    return state === 'Z' ? [] : [{ pid, name }];
  } catch {
    return [];
  }
}

/** How busy the processors are while measuring: pressure stall information and time per process. */
import { readdirSync } from 'node:fs';
import { countOf } from '../../bounded-json.js';
import { nowNs } from '../../clock.js';
import type { Emit } from '../../model/history/emit.js';
import type { ProcessGroup } from '../../model/history/events.js';
import { readOr, statFields } from './process-stat.js';

type Groups<T> = Record<ProcessGroup, T>;

const everyMs = 1000;
/** USER_HZ, fixed at 100 in the kernel's ABI. */
const ticksPerSecond = 100;

/**
 * Sample once a second. `processes` names groups of process ids (controller, vswitchd …) and is
 * asked anew each time, since daemons come and go.
 */
export function watchPressure(processes: () => Groups<number[]>, emit: Emit): { stop(): void } {
  let before = snapshot(processes());
  const timer = setInterval(() => {
    const now = snapshot(processes());
    const seconds = (now.atNs - before.atNs) / 1e9;
    const cpuPercent: Partial<Groups<number>> = {};
    for (const [group, ticks] of now.ticks) {
      const spent = ticks - (before.ticks.get(group) ?? ticks);
      cpuPercent[group] = round((Math.max(0, spent) / ticksPerSecond / seconds) * 100);
    }
    const waitPercent: Partial<Groups<number>> = {};
    for (const [group, waitedNs] of now.waitedNs) {
      const sinceNs = waitedNs - (before.waitedNs.get(group) ?? waitedNs);
      waitPercent[group] = round((Math.max(0, sinceNs) / 1e9 / seconds) * 100);
    }
    const mostWaitPercent: Partial<Groups<number>> = {};
    for (const [group, processesNow] of now.mainWaitedNs) {
      const earlier = before.mainWaitedNs.get(group);
      const waits = [...processesNow].map(([pid, ns]) => ns - (earlier?.get(pid) ?? ns));
      mostWaitPercent[group] = round((Math.max(0, ...waits) / 1e9 / seconds) * 100);
    }
    const stalled = (now.stallUs - before.stallUs) / 1e6;
    emit({
      kind: 'pressure',
      atNs: now.atNs,
      cpuSomePercent: round(Math.max(0, (stalled / seconds) * 100)),
      cpuPercent,
      ...(now.waitedNs.size > 0 ? { waitPercent, mostWaitPercent } : {}),
    });
    before = now;
  }, everyMs);
  return { stop: () => clearInterval(timer) };
}

function snapshot(groups: Groups<number[]>) {
  const ticks = new Map<ProcessGroup, number>();
  const waitedNs = new Map<ProcessGroup, number>();
  const mainWaitedNs = new Map<ProcessGroup, Map<number, number>>();
  for (const [group, pids] of Object.entries(groups) as Array<[ProcessGroup, number[]]>) {
    ticks.set(
      group,
      pids.reduce((sum, pid) => sum + processTicks(pid), 0),
    );
    if (!countsWaiting) continue;
    waitedNs.set(
      group,
      pids.reduce((sum, pid) => sum + waitedNsOf(pid), 0),
    );
    mainWaitedNs.set(group, new Map(pids.map((pid) => [pid, threadWaitedNs(pid, pid)])));
  }
  return { atNs: nowNs(), stallUs: stallMicroseconds(), ticks, waitedNs, mainWaitedNs };
}

/** Whether the kernel counts it: the file is not there otherwise. */
const countsWaiting = readOr('/proc/self/schedstat') !== '';

/** Time that all threads of a process spent ready, without a processor (Linux, sched-stats.rst). */
function waitedNsOf(pid: number): number {
  return threadsOf(pid).reduce((sum, thread) => sum + threadWaitedNs(pid, thread), 0);
}

/** The same of one thread; the main thread, which forwards or decides, has its process's number. */
function threadWaitedNs(pid: number, thread: number | string): number {
  const [, waited = '0'] = readOr(`/proc/${pid}/task/${thread}/schedstat`).split(' ');
  return countOf(waited.trim()) ?? 0;
}

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    // The process is gone.
    return [];
  }
}

/** The leaders of process groups with everything they started in them, such as a shell's child. */
export function groupMembers(leaders: readonly number[]): number[] {
  if (leaders.length === 0) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && leaders.includes(Number(statFields(name)[2])))
    .map(Number);
}

/** User and system time of a process with all its threads, in clock ticks (proc(5), fields 14, 15). */
function processTicks(pid: number): number {
  const fields = statFields(pid);
  return (countOf(fields[11]) ?? 0) + (countOf(fields[12]) ?? 0);
}

/** Total of the "some" line; 0 where the kernel keeps none. */
function stallMicroseconds(): number {
  return countOf(/^some .*total=(\d+)/m.exec(readOr('/proc/pressure/cpu'))?.[1]) ?? 0;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

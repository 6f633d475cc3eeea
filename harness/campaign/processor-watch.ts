/** Who uses this machine's processors while a trial runs: this command's labs, or others. */
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { nowNs } from '../clock.js';
import type { ProcessorUse } from '../model/processor-use.js';

/** Ticks of proc(5): USER_HZ, which Linux has fixed at 100 on every machine that Node runs on. */
const ticksPerSecond = 100;
/** Of one processor: less does not disturb a lab. */
const noticedPercent = 20;
const namedMax = 5;

interface Process {
  parent: number;
  /** With the moment at which it started, so that an id used again is another process. */
  key: string;
  program: string;
  ticks: number;
  /** With those of its ended children. */
  ticksOfAll: number;
}

interface Snapshot {
  atNs: number;
  busy: number;
  stolen: number;
  processes: Map<number, Process>;
}

/** Begin to count; the function that it returns ends that. Null where `/proc` cannot be read. */
export function watchProcessors(): () => (ProcessorUse & { sinceNs: number }) | null {
  const before = snapshot();
  return () => {
    const after = snapshot();
    return before && after ? { ...useBetween(before, after), sinceNs: before.atNs } : null;
  };
}

function useBetween(before: Snapshot, after: Snapshot): ProcessorUse {
  const spanS = Math.max(0.01, (after.atNs - before.atNs) / 1e9);
  const percent = (ticks: number) => Math.round((100 * ticks) / ticksPerSecond / spanS);
  const own = treeOf(after.processes, process.pid);
  const ownTicks = [...own].reduce((sum, pid) => sum + growth(pid, 'ticksOfAll'), 0);
  const others = [...after.processes.keys()]
    .filter((pid) => !own.has(pid))
    .map((pid) => ({
      program: after.processes.get(pid)?.program ?? '',
      percent: percent(growth(pid, 'ticks')),
    }))
    .filter((one) => one.percent >= noticedPercent)
    .sort((a, b) => b.percent - a.percent)
    .slice(0, namedMax);
  return {
    processors: availableParallelism(),
    busyPercent: percent(after.busy - before.busy),
    ownPercent: percent(ownTicks),
    stolenPercent: percent(after.stolen - before.stolen),
    others,
  };

  function growth(pid: number, of: 'ticks' | 'ticksOfAll'): number {
    const now = after.processes.get(pid);
    const then = before.processes.get(pid);
    if (!now) return 0;
    return Math.max(0, now[of] - (then?.key === now.key ? then[of] : 0));
  }
}

/** A process and all that it started. */
function treeOf(processes: Map<number, Process>, root: number): Set<number> {
  const isOf = (pid: number): boolean => {
    for (let at = pid, steps = 0; at > 1 && steps < 64; steps += 1) {
      if (at === root) return true;
      at = processes.get(at)?.parent ?? 0;
    }
    return false;
  };
  return new Set([...processes.keys()].filter(isOf));
}

function snapshot(): Snapshot | null {
  try {
    const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n', 1);
    // user nice system idle iowait irq softirq steal
    const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = line
      .split(/\s+/)
      .slice(1)
      .map(Number);
    const processes = new Map<number, Process>();
    for (const name of readdirSync('/proc')) {
      if (/^\d+$/.test(name)) addProcess(processes, Number(name));
    }
    return { atNs: nowNs(), busy: user + nice + system + irq + softirq, stolen: steal, processes };
  } catch {
    return null;
  }
}

function addProcess(processes: Map<number, Process>, pid: number): void {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const end = text.lastIndexOf(')');
    const fields = text.slice(end + 2).split(' ');
    const at = (field: number) => Number(fields[field - 3] ?? 0);
    const ticks = at(14) + at(15);
    processes.set(pid, {
      parent: at(4),
      key: fields[22 - 3] ?? '',
      program: text.slice(text.indexOf('(') + 1, end),
      ticks,
      ticksOfAll: ticks + at(16) + at(17),
    });
  } catch {
    // It ended meanwhile.
  }
}

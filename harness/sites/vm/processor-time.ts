/** How much a guest has computed so far: its kernel, and a process on the host for each of its own. */
import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts processor time for user space in hundredths of a second. */
const ticksPerSecond = 100;

/** Seconds of processor time. */
export interface ProcessorTime {
  user: number;
  system: number;
}

/** Of a process, its children that ended, and those that run. */
export function processorTime(pid: number): ProcessorTime {
  const [user, system, ofEndedUser, ofEndedSystem] = ticksOf(pid);
  const sum = { user: user + ofEndedUser, system: system + ofEndedSystem };
  for (const child of childrenOf(pid)) {
    const [childUser, childSystem] = ticksOf(child);
    sum.user += childUser;
    sum.system += childSystem;
  }
  return { user: sum.user / ticksPerSecond, system: sum.system / ticksPerSecond };
}

/** User and system time together, in seconds. */
export function processorSeconds(pid: number): number {
  const { user, system } = processorTime(pid);
  return user + system;
}

/** A word of every guest's command line, whatever its kernel's file is called. */
const guestWord = 'time-travel=inf-cpu';

/** Guests that this process started and that run now. */
export function runningGuests(): number[] {
  return readdirSync('/proc/self/task')
    .flatMap((thread) => childrenOf(process.pid, thread))
    .filter(isGuest);
}

/** The kernels of guests that other programs of this machine started. */
export function guestsOfOthers(): number[] {
  const own = new Set(runningGuests());
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && isGuest(Number(name)));
  const guests = new Set(all.map(Number));
  // Each process of a guest is a child of its kernel, and has its command line.
  return [...guests].filter((pid) => !guests.has(parentOf(pid)) && !own.has(pid));
}

function isGuest(pid: number): boolean {
  return read(`/proc/${pid}/cmdline`).split('\0').includes(guestWord);
}

function parentOf(pid: number): number {
  return Number(/^PPid:\s*(\d+)$/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);
}

function childrenOf(pid: number, thread: number | string = pid): number[] {
  return read(`/proc/${pid}/task/${thread}/children`).split(' ').filter(Boolean).map(Number);
}

/** utime, stime, cutime and cstime in proc(5) stat. */
function ticksOf(pid: number): [number, number, number, number] {
  const stat = read(`/proc/${pid}/stat`);
  const words = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [user = 0, system = 0, ofEndedUser = 0, ofEndedSystem = 0] = words
    .slice(11, 15)
    .map(Number);
  return [user, system, ofEndedUser, ofEndedSystem];
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // It has just ended.
    return '';
  }
}

/**
 * Which processor a guest runs on. It computes one thing at a time and hands over to another process
 * of the host at every system call, which on one processor costs far less than from one to another:
 * 30 instead of 48 s of processor time for the same trial.
 */
import { readFileSync } from 'node:fs';
import { guestsOfOthers } from './processor-time.js';

/** How many guests of this program run on each processor. */
const held = new Map<number, number>();
let turn = process.pid;

export interface HeldProcessor {
  /** Null: which ones may be used is unknown. */
  processor: number | null;
  /** The guest is gone. */
  release(): void;
}

/** For the life of a guest, the processor on which the fewest guests run, whoever started them. */
export function holdProcessor(
  status = ownStatus(),
  ofOthers: readonly number[] = processorsOfOtherGuests(),
): HeldProcessor {
  const allowed = processorsIn(status);
  turn += 1;
  const inTurn = allowed.map((_, place) => allowed[(turn + place) % allowed.length] as number);
  const guests = (processor: number) =>
    (held.get(processor) ?? 0) + ofOthers.filter((one) => one === processor).length;
  const processor = inTurn.sort((one, other) => guests(one) - guests(other))[0] ?? null;
  if (processor === null) return { processor, release: () => {} };
  held.set(processor, (held.get(processor) ?? 0) + 1);
  return { processor, release: () => held.set(processor, (held.get(processor) ?? 1) - 1) };
}

/** Where guests that other programs started are kept. */
function processorsOfOtherGuests(): number[] {
  return guestsOfOthers().flatMap((pid) => {
    const processors = processorsIn(statusOf(pid));
    return processors.length === 1 ? processors : [];
  });
}

/** `Cpus_allowed_list` of proc(5), such as `0-3,8`. */
export function processorsIn(status: string): number[] {
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1] ?? '';
  return list.split(',').flatMap((part) => {
    const [first = Number.NaN, last = first] = part.split('-').map(Number);
    if (!Number.isInteger(first) || part === '') return [];
    return Array.from({ length: last - first + 1 }, (_, place) => first + place);
  });
}

const ownStatus = () => statusOf('self');

function statusOf(process: number | 'self'): string {
  try {
    return readFileSync(`/proc/${process}/status`, 'utf8');
  } catch {
    return '';
  }
}

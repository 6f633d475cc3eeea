/** Drops what one interface of a running lab sends for a moment, from outside the lab. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { nowNs } from '../../clock.js';
import type { HistoryEvent } from '../../model/history/events.js';
import { readHistory } from '../../model/history/reader.js';
import { markVariable } from '../../sites/mark.js';

export interface InjectedLoss {
  /** Folder of the only run whose lab is meant. */
  out: string;
  node: string;
  port: string;
  /** After traffic began. */
  afterMs: number;
  lossMs: number;
}

const table = 'failover_lab_bench';

/** Resolves when packets pass again. Throws when the lab has ended before. */
export async function dropFor({ out, node, port, afterMs, lossMs }: InjectedLoss): Promise<void> {
  const { runId, trafficNs } = await trafficOf(out);
  await sleep(Math.max(0, afterMs - (nowNs() - trafficNs) / 1e6));
  const pid = switchOf(runId, node);
  // One program does both, so that the length does not depend on when another is started.
  const drop = `add table netdev ${table}; add chain netdev ${table} out { type filter hook egress device "${port}" priority 0; policy drop; }`;
  const script = `nft '${drop}' && sleep ${lossMs / 1000}; nft 'delete table netdev ${table}'`;
  await execa('nsenter', ['-t', String(pid), '-n', '--', 'sh', '-c', script], { timeout: 10_000 });
}

/** Waits until the run's record says that traffic has begun. */
async function trafficOf(out: string): Promise<{ runId: string; trafficNs: number }> {
  for (let waitedMs = 0; waitedMs < 120_000; waitedMs += 100) {
    const found = beginningIn(readHistory(historyBelow(out)).events);
    if (found) return found;
    await sleep(100);
  }
  throw new Error(`no traffic began in ${out}`);
}

/** Which run a record is of and when its traffic began; null while it has not. Pure. */
export function beginningIn(events: readonly HistoryEvent[]) {
  const head = events.find((event) => event.kind === 'run.header');
  const traffic = events.find((event) => event.kind === 'phase' && event.phase === 'traffic');
  return head && traffic ? { runId: head.runId, trafficNs: traffic.atNs } : null;
}

function historyBelow(out: string): string {
  try {
    const found = readdirSync(out, { recursive: true, encoding: 'utf8' });
    const file = found.find((name) => name.endsWith('history.ndjson'));
    return file === undefined ? '' : readFileSync(join(out, file), 'utf8');
  } catch {
    return '';
  }
}

function switchOf(runId: string, node: string): number {
  const mark = `${markVariable}=${runId}`;
  const found = readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .filter((pid) => wordsOf(pid, 'environ').includes(mark))
    .find((pid) => {
      const [program, database] = wordsOf(pid, 'cmdline');
      return program === 'ovs-vswitchd' && database?.startsWith(`unix:/run/lab/${node}/`);
    });
  if (found !== undefined) return Number(found);
  throw new Error(`the switch ${node} of the lab is not running`);
}

function wordsOf(pid: string, file: 'environ' | 'cmdline'): string[] {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

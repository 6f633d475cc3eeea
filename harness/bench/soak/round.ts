/** One round of the soak: a run, a kill in it, and what is there afterwards. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { nowNs } from '../../clock.js';
import type { Command, QuietMachine } from '../quiet-machine.js';
import { byDraw, type SoakRound } from './plan.js';
import { readRecord } from './record.js';
import { isEssential, type Victim, victimsOn } from './victims.js';
import { hearWitnesses } from './witnesses.js';

export interface SoakReading {
  round: number;
  title: string;
  seed: number;
  /** Kind of the process that was killed; null when the run had ended before the moment came. */
  victim: string | null;
  /** Its command line, arguments joined by spaces. */
  victimCommand: string | null;
  killAfterMs: number;
  /** From the kill until the machine was as before the run: the command gone, and all it made. */
  cleanMs: number | null;
  exitCode: number | null;
  /** Of the record that is left; null when there was nothing to record yet. */
  verdict: string | null;
  leftovers: string[];
  /** What the witnesses say now, when it is not what they said before. */
  foreignChange: string | null;
  /** Why the record could not be read; null when it could. */
  unreadable: string | null;
  wrongPass: boolean;
}

/** What is there longer than this after the end is a leftover. */
const leftoverAfterMs = 5_000;
/** A run that is longer than this hangs, and is ended. */
const longestRunMs = 120_000;
const lookEveryMs = 50;

/** Where the labs live. A lab on the host itself cannot clean up when it is killed: `clean` does. */
export type SoakSandbox = 'auto' | 'none';

/** Plays a round of the soak on `machine`, with its scenario and record in `out`. */
export async function playRound(
  machine: QuietMachine,
  { round, plan }: { round: number; plan: SoakRound },
  sandbox: SoakSandbox,
  out: string,
): Promise<SoakReading> {
  mkdirSync(out);
  const file = join(out, 'soak.ts');
  writeFileSync(file, plan.scenario);
  const foreign = hearWitnesses(machine);
  const before = machine.census();
  const options = [
    ...['--seed', String(plan.seed), '--sandbox', sandbox, '--out', out],
    // A trial that the kill spoilt would be run again, and rightly pass.
    ...['--replace', '0'],
  ];
  const command = machine.start(['run', file, ...options]);
  const killed = await killAtMoment(machine, command, plan);
  const exitCode = await endOf(machine, command);
  if (sandbox === 'none') await machine.start(['clean', '--yes']).ended;
  const { leftovers, cleanNs } = await awaitClean(machine, before);
  const heard = hearWitnesses(machine);
  const record = await readRecord(out);
  const early = killed !== null && (record.stopNs === null || killed.atNs < record.stopNs);
  return {
    round,
    title: plan.title,
    seed: plan.seed,
    victim: killed?.kind ?? null,
    victimCommand: killed?.commandLine ?? null,
    killAfterMs: plan.killAfterMs,
    cleanMs: killed === null || cleanNs === null ? null : (cleanNs - killed.atNs) / 1e6,
    exitCode,
    verdict: record.verdict,
    leftovers,
    foreignChange: heard === foreign ? null : heard,
    unreadable: record.unreadable,
    wrongPass: early && isEssential(killed.kind) && (record.verdict === 'pass' || exitCode === 0),
  };
}

/** Kill one process of ours at the moment of the plan; null when the run was over by then. */
async function killAtMoment(
  machine: QuietMachine,
  command: Command,
  plan: SoakRound,
): Promise<(Victim & { atNs: number }) | null> {
  const ended = command.ended.then(() => true);
  if (await Promise.race([ended, sleep(plan.killAfterMs).then(() => false)])) return null;
  const victims = victimsOn(machine);
  const kind = byDraw([...new Set(victims.map((one) => one.kind))].sort(), plan.kindDraw);
  const victim = byDraw(
    victims.filter((one) => one.kind === kind),
    plan.processDraw,
  );
  if (!victim) return null;
  try {
    const atNs = nowNs();
    process.kill(victim.pid, 'SIGKILL');
    return { ...victim, atNs };
  } catch {
    // It ended by itself between the look and the kill.
    return null;
  }
}

/** The command's exit code; a run that hangs is ended here, which its record shows. */
async function endOf(machine: QuietMachine, command: Command): Promise<number | null> {
  const late = setTimeout(() => {
    for (const { pid, kind } of victimsOn(machine)) {
      if (kind === 'supervisor') process.kill(pid, 'SIGKILL');
    }
  }, longestRunMs);
  try {
    return await command.ended;
  } finally {
    clearTimeout(late);
  }
}

/** Look until the machine is as before; what is still there after a while is left over. */
async function awaitClean(
  machine: QuietMachine,
  before: string[],
): Promise<{ leftovers: string[]; cleanNs: number | null }> {
  const deadlineNs = nowNs() + leftoverAfterMs * 1e6;
  for (;;) {
    const now = machine.census();
    const leftovers = difference(now, before);
    if (leftovers.length === 0) return { leftovers, cleanNs: nowNs() };
    if (nowNs() > deadlineNs) return { leftovers, cleanNs: null };
    await sleep(lookEveryMs);
  }
}

/** What one list of lines has more than another; a line may be there several times. */
export function difference(now: readonly string[], before: readonly string[]): string[] {
  const known = new Map<string, number>();
  for (const line of before) known.set(line, (known.get(line) ?? 0) + 1);
  return now.filter((line) => {
    const count = known.get(line) ?? 0;
    known.set(line, count - 1);
    return count <= 0;
  });
}

/**
 * The soak: random short runs on a machine of their own, in each of which a random process of ours
 * is killed (SIGKILL) at a random moment. After each: nothing is left, nothing foreign has changed,
 * the record can be read, and the verdict is no wrong pass.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { judge } from '../analysis/judge.js';
import { medianOf } from '../analysis/units.js';
import { nowNs } from '../clock.js';
import { messageOf } from '../errors.js';
import type { HistoryEvent } from '../history/events.js';
import { readHistoryFile } from '../history/reader.js';
import { packageRoot } from '../package-root.js';
import { type Command, QuietMachine } from './quiet-machine.js';
import { byDraw, roundOf, type SoakRound } from './soak/plan.js';
import { isEssential, victimsOn } from './soak/victims.js';
import { bringWitnesses, hearWitnesses } from './soak/witnesses.js';

export interface SoakOptions {
  seed: number;
  /** No new round begins after this time. */
  minutes: number;
  /** Nor after so many kills. */
  kills: number;
  /** Machines side by side, each with one run at a time. */
  parallel: number;
  onProgress: (text: string) => void;
  signal: AbortSignal;
}

export interface SoakReading {
  round: number;
  title: string;
  seed: number;
  /** Kind of the process that was killed; null when the run had ended before the moment came. */
  victim: string | null;
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

export interface SoakResult {
  seed: number;
  rounds: SoakReading[];
  kills: number;
  leftovers: number;
  foreignChanges: number;
  unreadable: number;
  wrongPasses: number;
  medianCleanMs: number | null;
  maxCleanMs: number | null;
}

/** What is there longer than this after the end is a leftover. */
const leftoverAfterMs = 5_000;
/** A run that is longer than this hangs, and is ended. */
const longestRunMs = 120_000;
const lookEveryMs = 50;

/** Runs rounds until time or kills are used up. Needs root. */
export async function soak(options: SoakOptions): Promise<SoakResult> {
  // Below the package, which the soak's machines keep in sight.
  mkdirSync(join(packageRoot(), 'runs'), { recursive: true });
  const folder = mkdtempSync(join(packageRoot(), 'runs', 'soak-'));
  try {
    const series = new Series(options);
    await Promise.all(Array.from({ length: options.parallel }, () => soakOne(series, folder)));
    return summaryOf(options.seed, series.rounds);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Hands out rounds, by the seed, and keeps what came of them. */
class Series {
  readonly rounds: SoakReading[] = [];
  readonly #options: SoakOptions;
  readonly #untilNs: number;
  #handedOut = 0;

  constructor(options: SoakOptions) {
    this.#options = options;
    this.#untilNs = nowNs() + options.minutes * 60e9;
  }

  /** The next round; null when time or kills are used up. */
  next(): { round: number; plan: SoakRound } | null {
    const { signal, kills, seed } = this.#options;
    const killed = this.rounds.filter(({ victim }) => victim !== null).length;
    if (signal.aborted || nowNs() >= this.#untilNs || killed >= kills) return null;
    const round = this.#handedOut++;
    return { round, plan: roundOf(seed, round) };
  }

  keep(reading: SoakReading): void {
    this.rounds.push(reading);
    this.#options.onProgress(describe(reading));
  }
}

/** Rounds on one machine, with witnesses of its own. */
async function soakOne(series: Series, folder: string): Promise<void> {
  const machine = await QuietMachine.open();
  try {
    bringWitnesses(machine);
    for (let next = series.next(); next !== null; next = series.next()) {
      series.keep(await playRound(machine, next.plan, next.round, folder));
    }
  } finally {
    await machine.close();
  }
}

async function playRound(
  machine: QuietMachine,
  plan: SoakRound,
  round: number,
  folder: string,
): Promise<SoakReading> {
  const out = join(folder, String(round));
  mkdirSync(out);
  const file = join(out, 'soak.ts');
  writeFileSync(file, plan.scenario);
  const foreign = hearWitnesses(machine);
  const before = machine.census();
  const command = machine.start(['run', file, '--seed', String(plan.seed), '--out', out]);
  const killed = await killAtMoment(machine, command, plan);
  const exitCode = await endOf(machine, command);
  const { leftovers, cleanNs } = await awaitClean(machine, before);
  const heard = hearWitnesses(machine);
  const record = await readRecord(out);
  const early = killed !== null && (record.stopNs === null || killed.atNs < record.stopNs);
  return {
    round,
    title: plan.title,
    seed: plan.seed,
    victim: killed?.kind ?? null,
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
): Promise<{ kind: string; atNs: number } | null> {
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
    return { kind: victim.kind, atNs };
  } catch {
    // It ended by itself between the look and the kill.
    return null;
  }
}

/** The command's exit code; a run that hangs is ended here, and told by what it leaves undone. */
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

interface SoakRecord {
  verdict: string | null;
  unreadable: string | null;
  /** When the run began to end: a kill after it spoils no measurement. */
  stopNs: number | null;
}

async function readRecord(out: string): Promise<SoakRecord> {
  const nothing = { verdict: null, unreadable: null, stopNs: null };
  const parent = join(out, 'soak');
  const names = existsSync(parent) ? readdirSync(parent) : [];
  const folder = names.find((name) => /^\d{4}-/.test(name));
  const path = join(parent, folder ?? '', 'history.ndjson');
  if (folder === undefined || !existsSync(path)) return nothing;
  try {
    const { events } = await readHistoryFile(path);
    const [first] = events;
    if (first === undefined) return nothing;
    return { ...nothing, verdict: judge(events).result.verdict, stopNs: stopOf(events) };
  } catch (thrown) {
    return { ...nothing, unreadable: messageOf(thrown) };
  }
}

function stopOf(events: readonly HistoryEvent[]): number | null {
  const stop = events.find((event) => event.kind === 'phase' && event.phase === 'stop');
  return stop?.atNs ?? null;
}

function summaryOf(seed: number, rounds: SoakReading[]): SoakResult {
  const count = (what: (reading: SoakReading) => boolean) => rounds.filter(what).length;
  const times = rounds.flatMap(({ cleanMs }) => (cleanMs === null ? [] : [cleanMs]));
  return {
    seed,
    rounds,
    kills: count(({ victim }) => victim !== null),
    leftovers: count(({ leftovers }) => leftovers.length > 0),
    foreignChanges: count(({ foreignChange }) => foreignChange !== null),
    unreadable: count(({ unreadable }) => unreadable !== null),
    wrongPasses: count(({ wrongPass }) => wrongPass),
    medianCleanMs: times.length === 0 ? null : medianOf(times),
    maxCleanMs: times.length === 0 ? null : Math.max(...times),
  };
}

function describe(reading: SoakReading): string {
  const { round, title, victim, killAfterMs, cleanMs, verdict, exitCode } = reading;
  const kill = victim === null ? 'no kill' : `${victim} killed after ${killAfterMs} ms`;
  const clean = cleanMs === null ? '' : `, clean ${(cleanMs / 1000).toFixed(2)} s later`;
  const trouble = [
    ...(reading.leftovers.length > 0 ? [`LEFT: ${reading.leftovers.join('; ')}`] : []),
    ...(reading.foreignChange === null ? [] : [`FOREIGN CHANGE: ${reading.foreignChange}`]),
    ...(reading.unreadable === null ? [] : [`UNREADABLE: ${reading.unreadable}`]),
    ...(reading.wrongPass ? ['WRONG PASS'] : []),
  ];
  const end = `exit ${exitCode ?? 'by signal'}, ${verdict ?? 'no record yet'}`;
  return [`${round + 1}: ${title}: ${kill}${clean}; ${end}`, ...trouble].join('\n    ');
}

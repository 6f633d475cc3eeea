/**
 * The soak: random short runs on a machine of their own, in each of which a random process of ours
 * is killed (SIGKILL) at a random moment. After each: nothing is left, nothing foreign has changed,
 * the record can be read, and the verdict is not a wrong pass.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { nowNs } from '../clock.js';
import { medianOf } from '../judge/units.js';
import { packageRoot } from '../package-root.js';
import { makeFolder } from '../safe-files.js';
import { QuietMachine } from './quiet-machine.js';
import { roundOf, type SoakKind, type SoakRound } from './soak/plan.js';
import { playRound, type SoakReading, type SoakSandbox } from './soak/round.js';
import { troubleOf } from './soak/trouble.js';
import { bringWitnesses } from './soak/witnesses.js';

export interface SoakOptions {
  seed: number;
  /** No new round begins after this time. */
  minutes: number;
  /** Nor after this many kills. */
  kills: number;
  /** Machines side by side, each with one run at a time. */
  parallel: number;
  /** `none`: labs on each machine's own network and Open vSwitch, cleaned by `clean` after a kill. */
  sandbox: SoakSandbox;
  /** What the nodes are. */
  of: SoakKind;
  onProgress: (text: string) => void;
  signal: AbortSignal;
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
  /** Folder with the records of the rounds that broke a rule; null when none did. */
  kept: string | null;
}

/** Runs rounds until time or kills are used up. Needs root. */
export async function soak(options: SoakOptions): Promise<SoakResult> {
  // Below the package, which the soak's machines keep in sight.
  makeFolder(join(packageRoot(), 'runs'));
  const folder = mkdtempSync(join(packageRoot(), 'runs', 'soak-'));
  try {
    const series = new Series(options);
    await Promise.all(
      Array.from({ length: options.parallel }, () => soakOne(series, options.sandbox, folder)),
    );
    return summaryOf(options.seed, series.rounds, folder);
  } finally {
    if (readdirSync(folder).length === 0) rmSync(folder, { recursive: true });
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
    const { signal, kills, seed, sandbox, of } = this.#options;
    const killed = this.rounds.filter(({ victim }) => victim !== null).length;
    if (signal.aborted || nowNs() >= this.#untilNs || killed >= kills) return null;
    const round = this.#handedOut++;
    return { round, plan: roundOf(seed, round, { of, onHost: sandbox === 'none' }) };
  }

  keep(reading: SoakReading): void {
    this.rounds.push(reading);
    this.#options.onProgress(describe(reading));
  }
}

/** Rounds on one machine, with witnesses of its own. */
async function soakOne(series: Series, sandbox: SoakSandbox, folder: string): Promise<void> {
  const machine = await QuietMachine.open();
  try {
    bringWitnesses(machine);
    for (let next = series.next(); next !== null; next = series.next()) {
      const out = join(folder, String(next.round));
      const reading = await playRound(machine, next, sandbox, out);
      // What broke a rule is evidence; the others are not needed any more.
      if (troubleOf(reading).length === 0) rmSync(out, { recursive: true });
      series.keep(reading);
    }
  } finally {
    await machine.close();
  }
}

function summaryOf(seed: number, rounds: SoakReading[], folder: string): SoakResult {
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
    kept: rounds.some((reading) => troubleOf(reading).length > 0) ? folder : null,
  };
}

function describe(reading: SoakReading): string {
  const { round, title, victim, killAfterMs, cleanMs, verdict, exitCode } = reading;
  const kill = victim === null ? 'no kill' : `${victim} killed after ${killAfterMs} ms`;
  const clean = cleanMs === null ? '' : `, clean ${(cleanMs / 1000).toFixed(2)} s later`;
  const end = `exit ${exitCode ?? 'by signal'}, ${verdict ?? 'no record yet'}`;
  return [`${round + 1}: ${title}: ${kill}${clean}; ${end}`, ...troubleOf(reading)].join('\n    ');
}

/** `failover-lab drive`: a live lab that obeys JSON lines; see harness/model/drive-protocol.ts. */
import { setTimeout as sleep } from 'node:timers/promises';
import { withTexts } from '../../../reports/with-texts.js';
import { messageOf } from '../../errors.js';
import { recoverySoFar, type SeenRecovery } from '../../judge/recovery-so-far.js';
import type { DriveNote } from '../../lab/modes/drive.js';
import { readLines } from '../../line-reader.js';
import {
  type DriveMessage,
  driveProtocolVersion,
  idOfRefused,
  readDriveRequest,
  requestLimits,
} from '../../model/drive-protocol.js';
import type { JudgedRun } from '../../model/result.js';
import type { CommandContext } from '../context.js';
import { type CommonOptions, readCommonOptions } from '../options.js';
import { prepareRun } from '../prepare.js';
import { exitCodeOf, type LiveRun, openRun } from '../run-scenario.js';
import { listenForInterruption } from '../signals.js';

/** Build the lab and obey until the input ends or says `stop`. */
export async function drive(
  scenario: string,
  flags: CommonOptions,
  context: CommandContext,
): Promise<void> {
  const options = { scenario, ...readCommonOptions(flags), trials: 1, replace: 0, quiet: true };
  const prepared = await prepareRun(context.root, options);
  const interruption = listenForInterruption(context.screen.err);
  const seat = new Seat((message) => context.screen.out(`${JSON.stringify(withTexts(message))}\n`));
  const run = openRun(prepared, options, context.screen, interruption, { drive: seat });
  seat.run = run;
  try {
    const [plan] = prepared.trials;
    const end = plan ? await run.trial(plan) : undefined;
    const recorded = await run.finish();
    if (end?.error) seat.farewell(end.error);
    else seat.stopped(recorded.folder, recorded.judged);
    context.exit(exitCodeOf(recorded));
  } finally {
    interruption.release();
    seat.close();
  }
}

/** A meter reports ten times a second; two seconds without a report are many. */
const reportWaitMs = 2000;
const lookEveryMs = 50;

/** Joins standard input to the runner's orders, and its notes to standard output. */
class Seat {
  readonly mode = 'drive' as const;
  readonly #say: (message: DriveMessage) => void;
  /** Set before the sandbox opens. */
  run: LiveRun | undefined;
  readonly #verbs = new Map<number, string>();
  #stopId: number | undefined;
  #stopped = false;

  constructor(say: (message: DriveMessage) => void) {
    this.#say = say;
  }

  onOpen(order: (order: object) => void): void {
    readLines(process.stdin, {
      charactersMax: requestLimits.characters,
      onLine: (line) => this.#take(line, order),
      onTooLong: () =>
        this.#refuse(0, `The request is longer than ${requestLimits.characters} characters.`),
      cutOffEnd: 'read',
      onEnd: () => order({ id: 0, verb: 'stop' }),
    });
  }

  #take(line: string, order: (order: object) => void): void {
    try {
      const request = readDriveRequest(line);
      this.#verbs.set(request.id, request.verb);
      if (request.verb === 'stop') this.#stopId = request.id;
      order(request);
    } catch (thrown) {
      this.#refuse(idOfRefused(line), messageOf(thrown));
    }
  }

  #refuse(id: number, message: string): void {
    this.#say({ type: 'refused', id, error: { code: 'WRONG_USE', message } });
  }

  onNote(note: DriveNote): void {
    if (note.note === 'ready') {
      const result = this.run?.judged().result;
      this.#say({
        type: 'greeting',
        protocol: driveProtocolVersion,
        scenario: result?.scenario ?? '',
        folder: this.run?.folder ?? '',
        nodes: note.nodes,
      });
    } else if (note.note === 'refused') {
      this.#say({ type: 'refused', id: note.id, error: note.error });
    } else if (note.note === 'done') {
      const recovered = this.#verbs.get(note.id) === 'recovered';
      if (recovered) void this.#answerRecovery(note.id, note.result as SeenRecovery);
      else this.#say({ type: 'done', id: note.id, result: note.result });
    }
  }

  /**
   * The runner reports only that the window passed, and when; the numbers come from the history, as
   * soon as the meters have reported up to that moment.
   */
  async #answerRecovery(id: number, seen: SeenRecovery): Promise<void> {
    const { run } = this;
    if (!run) return;
    const covered = await this.#untilReported(run, seen.askedNs);
    const judged = run.judgedSoFar(seen.askedNs);
    this.#say({ type: 'done', id, result: recoverySoFar(judged, seen, covered) });
  }

  /** False when the meters have not reported up to the moment in time, or the trial is over. */
  async #untilReported(run: LiveRun, askedNs: number): Promise<boolean> {
    for (let waitedMs = 0; waitedMs < reportWaitMs; waitedMs += lookEveryMs) {
      if ((run.meterHorizonNs() ?? 0) >= askedNs) return true;
      if (this.#stopped) return false;
      await sleep(lookEveryMs);
    }
    return false;
  }

  stopped(folder: string, judged: JudgedRun): void {
    this.#stopped = true;
    if (this.#stopId === undefined) return;
    this.#say({ type: 'done', id: this.#stopId, result: { folder, result: judged.result } });
  }

  farewell(error: { code: string; message: string; hint?: string | undefined }): void {
    const { code, message, hint } = error;
    this.#say({ type: 'farewell', error: { code, message, ...(hint ? { hint } : {}) } });
  }

  close(): void {
    process.stdin.pause();
  }
}

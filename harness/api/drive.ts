/** A lab that obeys requests, a JSON line each; see harness/model/drive-protocol.ts. */
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { evidenceText } from '../../reports/recorded/evidence.js';
import { readinessText } from '../../reports/recorded/readiness.js';
import { withTexts } from '../../reports/with-texts.js';
import type { LiveRun } from '../campaign/live-run.js';
import { messageOf } from '../errors.js';
import { recoverySoFar, type SeenRecovery } from '../judge/recovery-so-far.js';
import type { DriveNote } from '../lab/modes/drive.js';
import { readLines } from '../line-reader.js';
import {
  type DriveMessage,
  driveProtocolVersion,
  idOfRefused,
  readDriveRequest,
  requestLimits,
} from '../model/drive-protocol.js';
import { holdLab } from './held-lab.js';
import type { Run } from './judge.js';
import type { LabRequest } from './options.js';

/** Where requests come from and answers go. */
export interface DriveLine {
  /** Requests, a JSON object a line; its end stops the lab. */
  input: Readable;
  say(message: DriveMessage): void;
}

/** Build the lab and obey until the requests end or one is `stop`. Throws as `run` does. */
export async function drive(scenario: string, request: LabRequest, line: DriveLine): Promise<Run> {
  const operator = new LineOperator(line);
  const onOpen = (live: LiveRun) => operator.take(live);
  const { run, end } = await holdLab(scenario, { ...request, replace: 0 }, { operator, onOpen });
  if (end.error) operator.farewell(farewellOf(run, end.error));
  else operator.stopped(run);
  return run;
}

/** A meter reports ten times a second; two seconds without a report are many. */
const reportWaitMs = 2000;
const lookEveryMs = 50;

/** Joins requests to the runner's orders, and its notes to messages. */
class LineOperator {
  readonly mode = 'drive' as const;
  readonly #line: DriveLine;
  #run: LiveRun | undefined;
  readonly #verbs = new Map<number, string>();
  #stopId: number | undefined;
  #stopped = false;

  constructor(line: DriveLine) {
    this.#line = line;
  }

  take(run: LiveRun): void {
    this.#run = run;
  }

  onOpen(order: (order: object) => void): void {
    readLines(this.#line.input, {
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
    this.#line.say({ type: 'refused', id, error: { code: 'WRONG_USE', message } });
  }

  onNote(note: DriveNote): void {
    if (note.note === 'ready') {
      const result = this.#run?.judged().result;
      this.#line.say({
        type: 'greeting',
        protocol: driveProtocolVersion,
        scenario: result?.scenario ?? '',
        folder: this.#run?.folder ?? '',
        nodes: note.nodes,
      });
    } else if (note.note === 'refused') {
      this.#line.say({ type: 'refused', id: note.id, error: refusalOf(note) });
    } else if (note.note === 'done') {
      const recovered = this.#verbs.get(note.id) === 'recovered';
      if (recovered) void this.#answerRecovery(note.id, note.result as SeenRecovery);
      else this.#line.say({ type: 'done', id: note.id, result: withTexts(note.result) });
    }
  }

  /**
   * The runner reports only that the window passed, and when; the numbers come from the history, as
   * soon as the meters have reported up to that moment.
   */
  async #answerRecovery(id: number, seen: SeenRecovery): Promise<void> {
    const run = this.#run;
    if (!run) return;
    const covered = await this.#untilReported(run, seen.askedNs);
    const judged = run.judgedSoFar(seen.askedNs);
    this.#line.say({ type: 'done', id, result: recoverySoFar(judged, seen, covered) });
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

  stopped({ folder, result }: Run): void {
    this.#stopped = true;
    if (this.#stopId === undefined) return;
    this.#line.say({ type: 'done', id: this.#stopId, result: { folder, result } });
  }

  farewell(error: { code: string; message: string; hint?: string | undefined }): void {
    const { code, message, hint } = error;
    this.#line.say({ type: 'farewell', error: { code, message, ...(hint ? { hint } : {}) } });
  }
}

/** The error of a request, with what was read back of its change. */
function refusalOf({ error, readBack }: Extract<DriveNote, { note: 'refused' }>) {
  if (readBack === undefined) return error;
  return { ...error, message: `${error.message} Read back: ${evidenceText(readBack)}.` };
}

/** Why a lab ended, with what was seen of a condition that was not reached. */
function farewellOf<E extends { message: string }>({ result }: Run, error: E): E {
  for (const reason of result.trials.flatMap(({ invalid }) => invalid)) {
    if (reason.code !== 'trial-failed' || reason.data.seen === undefined) continue;
    return { ...error, message: `${error.message} Seen: ${readinessText(reason.data.seen)}.` };
  }
  return error;
}

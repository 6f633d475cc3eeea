/** One end of the meter on its machine: begun, asked, joined again when the way to it broke. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { nowNs } from '../clock.js';
import { readLines } from '../line-reader.js';
import type { PlacedProgram, ProgramPlace } from '../sites/program-place.js';
import { type ClockOffset, type ClockReading, offsetOf } from './clock.js';
import { endFailure } from './end-failure.js';
import { type EndLine, endLineLimits, type FarLine, readEndLine } from './end-lines.js';
import { type EndOptions, endProgram, endWords, leftoverWords } from './end-program.js';

/** What the guard says for this process when it is gone. */
const farewell = '{"cmd":"end"}';
const helloWithinMs = 20_000;
/** Until an end that was told to end, or cannot begin, has ended on its machine. */
const endsWithinMs = 5_000;
const clockQuestions = 20;
const acknowledgeEveryMs = 500;
const joinAgainEveryMs = 1_000;

export interface EndListener {
  /** A line of the record, each once and in order. */
  onLine(line: FarLine): void;
  /** The way to the end broke, or is back. */
  onWay(up: boolean): void;
  /** The end itself is gone, although it was not ended from here. */
  onGone(): void;
}

export class FarEnd {
  readonly name: string;
  readonly #place: ProgramPlace;
  readonly #options: EndOptions;
  readonly #listener: EndListener;
  #program: PlacedProgram | null = null;
  #lastLine = 0;
  #up = false;
  #over = false;
  #acknowledging: NodeJS.Timeout | undefined;
  readonly #waiting = new Set<(line: FarLine) => void>();
  readonly #pongs = new Map<number, (line: Extract<EndLine, { kind: 'end.pong' }>) => void>();

  constructor(
    name: string,
    place: ProgramPlace,
    options: Omit<EndOptions, 'token'>,
    listener: EndListener,
  ) {
    this.name = name;
    this.#place = place;
    this.#options = { ...options, token: randomBytes(16).toString('hex') };
    this.#listener = listener;
  }

  get reachable(): boolean {
    return this.#up;
  }

  /** Begin the end on its machine. Throws LabError with what is in the way. */
  async open(): Promise<Extract<EndLine, { kind: 'end.hello' }>> {
    const hello = this.next('end.hello', helloWithinMs);
    const program = this.#start(endProgram(this.#options));
    const failed = this.next('end.failed', helloWithinMs);
    const first = await Promise.race([hello, failed, program.ended]);
    if (first === null || !('kind' in first) || first.kind !== 'end.hello') {
      this.#over = true;
      const failure = first !== null && 'kind' in first ? first : null;
      // What failed ends by itself, and is gone from its machine once its way has ended.
      if (failure) await Promise.race([program.ended, sleep(endsWithinMs, null, { ref: false })]);
      program.kill();
      const why = failure ?? (await program.ended);
      throw endFailure(this.name, this.#options, why);
    }
    this.#up = true;
    this.#acknowledging = setInterval(
      () => this.tell({ cmd: 'ack', line: this.#lastLine }),
      acknowledgeEveryMs,
    );
    return first;
  }

  /** How far its clock is from this machine's, by twenty questions. */
  async clock(): Promise<ClockOffset & { wallOffsetMs: number }> {
    const readings: ClockReading[] = [];
    let wallOffsetMs = 0;
    for (let n = 0; n < clockQuestions; n++) {
      const askedNs = nowNs();
      const answer = new Promise<Extract<EndLine, { kind: 'end.pong' }>>((resolve) => {
        this.#pongs.set(n, resolve);
      });
      this.tell({ cmd: 'ping', n });
      const pong = await Promise.race([answer, sleep(helloWithinMs, null, { ref: false })]);
      if (pong === null) throw endFailure(this.name, this.#options, 'silent');
      readings.push({ askedNs, answeredNs: nowNs(), thereNs: pong.atNs });
      wallOffsetMs = pong.wallMs - Date.now();
    }
    return { ...offsetOf(readings), wallOffsetMs };
  }

  /** Dropped while the way is broken. */
  tell(command: { cmd: string } & Record<string, unknown>): void {
    this.#program?.send(`${JSON.stringify(command)}\n`);
  }

  /** The next line of a kind; null when none came in time. */
  next<K extends FarLine['kind']>(
    kind: K,
    withinMs: number,
  ): Promise<Extract<FarLine, { kind: K }> | null> {
    return new Promise((resolve) => {
      const done = (line: FarLine | null) => {
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve(line as Extract<FarLine, { kind: K }> | null);
      };
      const look = (line: FarLine) => line.kind === kind && done(line);
      const timer = setTimeout(() => done(null), withinMs);
      // What runs on the machine keeps this program alive, and nothing else should.
      timer.unref();
      this.#waiting.add(look);
    });
  }

  /** End it on its machine; what is left there, by name. Null: it cannot be looked at. */
  async end(): Promise<string[] | null> {
    this.#over = true;
    clearInterval(this.#acknowledging);
    this.tell({ cmd: 'end' });
    this.#program?.close();
    const limit = sleep(endsWithinMs, null, { ref: false });
    if (this.#program) await Promise.race([this.#program.ended, limit]);
    this.#program?.kill();
    if (!this.#up) return null;
    return this.leftovers();
  }

  /** Processes of it on its machine, by looking; null when the machine cannot be reached. */
  async leftovers(): Promise<string[] | null> {
    const seen = await this.#place.exec(leftoverWords(this.#options.token), {
      limitMs: 15_000,
    });
    if (seen.exitCode !== 0) return null;
    return seen.stdout
      .split('\n')
      .filter(Boolean)
      .map((what) => `${what} on ${this.name}`);
  }

  #start(input: string): PlacedProgram {
    const program = this.#place.spawn(endWords(this.#options.token), farewell);
    this.#program = program;
    program.send(input);
    readLines(program.stdout, {
      charactersMax: endLineLimits.characters,
      onLine: (text) => this.#hear(text),
      // Like every line that cannot be read: of another program, say, that a shell started.
      onTooLong: () => {},
    });
    program.stdout.once('end', () => this.#lostWay(program));
    return program;
  }

  #hear(text: string): void {
    const line = readEndLine(text);
    if (line === null) return;
    if (line.kind === 'end.pong') this.#pongs.get(line.n)?.(line);
    if (line.kind !== 'end.failed') this.#foundWay();
    if (line.kind === 'end.failed' && line.reason === 'gone' && !this.#over) {
      this.#over = true;
      this.#listener.onGone();
    }
    if (line.line !== undefined) {
      // What was given before the way broke comes again.
      if (line.line <= this.#lastLine) return;
      this.#lastLine = line.line;
      this.#listener.onLine(line);
    }
    for (const look of [...this.#waiting]) look(line);
  }

  #foundWay(): void {
    if (this.#up || this.#acknowledging === undefined) return;
    this.#up = true;
    this.#listener.onWay(true);
  }

  #lostWay(program: PlacedProgram): void {
    if (this.#program !== program || this.#over || this.#acknowledging === undefined) return;
    program.kill();
    this.#program = null;
    if (this.#up) {
      this.#up = false;
      this.#listener.onWay(false);
    }
    void this.#joinAgain();
  }

  async #joinAgain(): Promise<void> {
    await sleep(joinAgainEveryMs, null, { ref: false });
    if (this.#over || this.#program) return;
    this.#start(endProgram({ token: this.#options.token, join: true }));
    this.tell({ cmd: 'attach', line: this.#lastLine });
    this.tell({ cmd: 'ping', n: clockQuestions });
  }
}

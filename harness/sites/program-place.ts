/**
 * Where a program runs: on this machine, or on another one that ssh reaches. Whoever starts it need
 * not know which; nothing may assume that both share a clock, files or a process table. A program of
 * a lab has no such place: the lab's runner starts it, inside the lab's site.
 */
import type { Readable } from 'node:stream';

export interface ProgramPlace {
  /** As people call it. */
  readonly name: string;
  /** Run a program to its end. Never rejects: what failed is in how it ended. */
  exec(words: readonly string[], limits: ExecLimits): Promise<ProgramEnd>;
  /** Start a program that reads and writes lines. */
  spawn(words: readonly string[], farewell: string): PlacedProgram;
}

export interface ExecLimits {
  /** After which it is killed. */
  limitMs: number;
  /** For its standard input; left out: none. */
  input?: Buffer | string;
}

export interface ProgramEnd {
  /** Null: it outlived its limit, a signal ended it, or it could not be started. */
  exitCode: number | null;
  timedOut: boolean;
  stdout: string;
  stderr: string;
}

export interface PlacedProgram {
  readonly stdout: Readable;
  /** Dropped when the program has ended. */
  send(text: string): void;
  /** Close its input, after the farewell. */
  close(): void;
  /** End what runs on this machine for it at once, without the farewell. */
  kill(): void;
  /** When nothing of it is left on this machine. */
  readonly ended: Promise<{ exitCode: number | null; stderr: string }>;
}

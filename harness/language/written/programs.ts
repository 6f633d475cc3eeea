/** Programs of the user's that run on nodes while the network is hurt. */
import type { Duration } from '../../model/units.js';

/** With what a program is ended. */
export type StopSignal = 'SIGTERM' | 'SIGINT' | 'SIGQUIT' | 'SIGHUP' | 'SIGKILL';

export interface ProgramOptions {
  /** Its name in records and reports; left out: the name of its file. */
  as?: string;
  /**
   * What shows that it is ready: a text in its output, or a TCP port of the node on which something
   * listens. The trial waits for it, and fails when the program ends before. Left out: it is ready at
   * once, and may end at any time.
   */
  readyWhen?: string | { port: number };
  /** Left out: `'SIGTERM'`. What is left after 3 s is killed. */
  stopWith?: StopSignal;
  /** After the start of traffic; left out: when the run ends. */
  stop?: Duration;
}

export interface ProgramPart extends ProgramOptions {
  kind: 'program';
  node: string;
  argv: readonly string[];
}

/**
 * A program on a node, without a shell. In `programs` it is started before the network must be ready;
 * as the action of a step, at that time. What it prints is in the record, and it is ended with the lab.
 *
 * @example
 * program('h1', ['python3', '-m', 'http.server', '8000'], { readyWhen: { port: 8000 } })
 * at('3s', program('h2', ['curl', '--silent', 'http://10.0.0.1:8000/']))
 */
export const program = (
  node: string,
  argv: readonly string[],
  options: ProgramOptions = {},
): ProgramPart => ({ ...options, kind: 'program', node, argv });

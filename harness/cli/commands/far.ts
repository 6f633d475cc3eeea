/** `failover-lab far`: standard input and output of what a campaign starts on other machines. */
import {
  collectLines,
  executeJob,
  type FarLine,
  factsLine,
  jobCharactersMax,
  stopRun,
} from '../../api/far-end.js';
import { LabError } from '../../errors.js';
import type { CommandContext } from '../context.js';

export type FarWord = 'prepare' | 'trial' | 'stop' | 'collect';

/** Do one thing for a campaign on another machine. */
export async function far(what: FarWord, run: string, context: CommandContext): Promise<void> {
  const { screen } = context;
  if ((what === 'stop' || what === 'collect') && !/^[A-Za-z0-9][A-Za-z0-9-]{0,79}$/.test(run)) {
    throw new LabError('WRONG_USE', `far ${what} needs the id of a run.`);
  }
  switch (what) {
    case 'prepare':
      screen.out(`${await factsLine(await standardInput())}\n`);
      break;
    case 'trial':
      context.exit(await trial(await standardInput()));
      break;
    case 'stop':
      screen.out(`${stopRun(run)}\n`);
      break;
    case 'collect':
      for (const line of collectLines(run, await standardInput())) screen.out(`${line}\n`);
  }
}

/** The campaign is gone when nothing reads its lines any more: then the lab is ended in order. */
async function trial(text: string): Promise<number> {
  const first = new AbortController();
  const second = new AbortController();
  const end = () => (first.signal.aborted ? second : first).abort();
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, end);
  let gone = false;
  process.stdout.on('error', () => {
    gone = true;
    first.abort();
  });
  const say = (line: FarLine) => {
    if (!gone) process.stdout.write(`${JSON.stringify(line)}\n`);
  };
  return executeJob(text, { say, interrupted: first.signal, killed: second.signal });
}

async function standardInput(): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of process.stdin) {
    bytes += (piece as Buffer).length;
    if (bytes > 4 * jobCharactersMax) {
      throw new LabError(
        'WRONG_USE',
        `Standard input has more than ${4 * jobCharactersMax} bytes.`,
      );
    }
    pieces.push(piece as Buffer);
  }
  return Buffer.concat(pieces).toString('utf8');
}

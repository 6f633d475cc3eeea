/** Marks from another terminal: a running watch listens, and `failover-lab mark` finds it. */
import { readFileSync } from 'node:fs';
import { createServer, connect as openSocket, type Server } from 'node:net';
import { LabError } from '../errors.js';
import { readLines } from '../line-reader.js';

/** Longer texts are refused. */
export const markCharactersMax = 200;

/** Of the abstract sockets of this user's running watches, before the name of the record. */
function socketPrefix(): string {
  return `failover-lab-mark-${process.getuid?.() ?? 0}-`;
}

/** Take marks until the returned function is called. `name`: distinguishes this watch from others. */
export async function listenForMarks(
  name: string,
  onMark: (text: string) => void,
): Promise<() => void> {
  const server: Server = createServer((socket) => {
    socket.on('error', () => {
      // Whoever asked has gone.
    });
    readLines(socket, {
      charactersMax: 4 * markCharactersMax,
      onLine: (line) => {
        const text = line.trim().slice(0, markCharactersMax);
        onMark(text);
        socket.end('marked\n');
      },
      onTooLong: () => socket.destroy(),
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ path: `\0${socketPrefix()}${name}` }, resolve);
  });
  server.unref();
  return () => void server.close();
}

/** The names of this user's running watches, by the kernel's table of sockets. Pure but for that. */
export function runningWatches(table = readFileSync('/proc/net/unix', 'utf8')): string[] {
  const prefix = `@${socketPrefix()}`;
  const names = table
    .split('\n')
    // Node pads such a name with zeros, which the table shows as @.
    .map((row) => (row.trim().split(/\s+/).at(-1) ?? '').replace(/@+$/, ''))
    .filter((path) => path.startsWith(prefix))
    .map((path) => path.slice(prefix.length));
  return [...new Set(names)];
}

/** Mark a moment in a running watch. Throws WRONG_USE when it is not clear in which. */
export async function sendMark(text: string, wanted: string | undefined): Promise<string> {
  const words = text.trim();
  if (words === '' || words.length > markCharactersMax || words.includes('\n')) {
    throw new LabError(
      'WRONG_USE',
      `A mark is one line of 1 to ${markCharactersMax} characters, got ${words.length}.`,
      { hint: 'Write failover-lab mark "pulled the cable".' },
    );
  }
  const name = theOne(runningWatches(), wanted);
  await new Promise<void>((resolve, reject) => {
    const socket = openSocket({ path: `\0${socketPrefix()}${name}` });
    socket.setTimeout(5_000, () => socket.destroy(new Error('no answer within 5 s')));
    socket.once('error', reject);
    socket.once('data', () => resolve());
    socket.write(`${words}\n`);
  }).catch((cause) => {
    throw new LabError('TIMED_OUT', `The watch ${name} did not accept the mark.`, {
      hint: 'Check that it still runs.',
      cause,
    });
  });
  return name;
}

function theOne(running: readonly string[], wanted: string | undefined): string {
  const fitting = wanted === undefined ? running : running.filter((name) => name === wanted);
  const [name, ...others] = fitting;
  if (name !== undefined && others.length === 0) return name;
  const list = running.join(', ');
  if (running.length === 0) {
    throw new LabError('WRONG_USE', 'No watch of yours is running on this machine.', {
      hint: 'Start one with failover-lab watch --between h3.example,h4.example.',
    });
  }
  throw new LabError(
    'WRONG_USE',
    wanted === undefined
      ? `${running.length} watches are running.`
      : `No watch ${wanted} is running.`,
    { hint: `Name one with --watch: ${list}.` },
  );
}

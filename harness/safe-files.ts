/**
 * Files whose path may lead anywhere: only regular files are read, nothing is written through a
 * link, and a folder that cannot be made is an error within bounded time. A leaf that all may import.
 */
import { randomUUID } from 'node:crypto';
import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

const { O_RDONLY, O_WRONLY, O_CREAT, O_EXCL, O_APPEND, O_NOFOLLOW, O_NONBLOCK } = constants;

/** Everybody may read what a run records, its owner alone may change it; the umask takes more. */
const fileMode = 0o644;
const folderMode = 0o755;

/**
 * A descriptor of a regular file. Returns at once for a FIFO or a device as well.
 * @throws Error when it cannot be opened, or is anything else; the message does not name the path.
 */
export function openRegular(path: string): { descriptor: number; stats: Stats } {
  const descriptor = openSync(path, O_RDONLY | O_NONBLOCK);
  const stats = fstatSync(descriptor);
  if (stats.isFile()) return { descriptor, stats };
  closeSync(descriptor);
  throw new Error(`it is ${kindOf(stats)}, not a regular file`);
}

/**
 * The text of a regular file of at most `bytesMax`.
 * @throws Error as `openRegular` does, and when the file is longer.
 */
export function readRegular(path: string, bytesMax: number): string {
  const { descriptor, stats } = openRegular(path);
  try {
    if (stats.size > bytesMax) {
      throw new Error(`it has ${stats.size} bytes; at most ${bytesMax} are read`);
    }
    return readFileSync(descriptor, 'utf8');
  } finally {
    closeSync(descriptor);
  }
}

/** The last `bytesMax` of a regular file, as text. @throws Error as `openRegular` does. */
export function readRegularEnd(path: string, bytesMax: number): string {
  const { descriptor, stats } = openRegular(path);
  try {
    const end = Buffer.alloc(Math.min(stats.size, bytesMax));
    const length = readSync(descriptor, end, 0, end.length, stats.size - end.length);
    return end.toString('utf8', 0, length);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Replace a file in one step: readers see the old content or the new, whole. A link in its place is
 * refused, and one that appears meanwhile is replaced, never followed.
 * @throws Error when the path is not a regular file, or cannot be written.
 */
export function replaceFile(path: string, content: string | Uint8Array): void {
  const before = lstatSync(path, { throwIfNoEntry: false });
  if (before && !before.isFile()) {
    throw new Error(`it is ${kindOf(before)}, not a regular file`);
  }
  const draft = join(dirname(path), `.${basename(path).slice(0, 100)}.${randomUUID()}`);
  const descriptor = openSync(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, fileMode);
  try {
    try {
      if (before) keepRights(descriptor, before);
      writeFileSync(descriptor, content);
    } finally {
      closeSync(descriptor);
    }
    renameSync(draft, path);
  } catch (thrown) {
    rmSync(draft, { force: true });
    throw thrown;
  }
}

/** A file that another user or mode had keeps them; where only root could do that, it does not. */
function keepRights(descriptor: number, { uid, gid, mode }: Stats): void {
  try {
    fchownSync(descriptor, uid, gid);
    fchmodSync(descriptor, mode & 0o777);
  } catch {
    // The new file is its writer's own, as any new file.
  }
}

/**
 * A descriptor that appends to a regular file, which is made when it is missing.
 * @throws Error when the path is a link, a FIFO, a device, or cannot be written.
 */
export function openToAppend(path: string): number {
  const flags = O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_NONBLOCK;
  const descriptor = openSync(path, flags, fileMode);
  const stats = fstatSync(descriptor);
  if (stats.isFile()) return descriptor;
  closeSync(descriptor);
  throw new Error(`it is ${kindOf(stats)}, not a regular file`);
}

/** Append once. @throws Error as `openToAppend` does. */
export function appendToFile(path: string, text: string): void {
  const descriptor = openToAppend(path);
  try {
    writeFileSync(descriptor, text);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Make a folder and those above it. Node's own `recursive` never returns where a folder cannot
 * have children (/proc).
 * @throws Error when one of them cannot be made, or is a file.
 */
export function makeFolder(path: string): void {
  const missing: string[] = [];
  let folder = resolve(path);
  for (;;) {
    const stats = statSync(folder, { throwIfNoEntry: false });
    if (stats?.isDirectory()) break;
    if (stats) throw new Error(`${folder} is ${kindOf(stats)}, not a folder`);
    missing.push(folder);
    folder = dirname(folder);
  }
  for (const each of missing.reverse()) {
    try {
      mkdirSync(each, { mode: folderMode });
    } catch (thrown) {
      // Made by another run meanwhile: just what is wanted.
      if (!statSync(each, { throwIfNoEntry: false })?.isDirectory()) throw thrown;
    }
  }
}

/** What a path leads to, with its article. */
function kindOf(stats: Stats): string {
  if (stats.isSymbolicLink()) return 'a symbolic link';
  if (stats.isDirectory()) return 'a folder';
  if (stats.isFIFO()) return 'a FIFO';
  if (stats.isSocket()) return 'a socket';
  if (stats.isFile()) return 'a file';
  return 'a device';
}

/**
 * One set-up at a time in one clone. The lock is a file that holds its owner's process id, made
 * whole by a hard link; the lock of a process that is gone counts for nothing.
 */
import {
  accessSync,
  constants,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SetupError, say } from './say.mjs';

const pollMs = 50;
const patienceMs = 10 * 60_000;

function ownerOf(path) {
  try {
    return Number(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/**
 * Takes the lock of a process that is gone out of the way. Between looking and taking, another
 * may have done the same and locked; then it gets its lock back.
 */
function discardIfStale(path) {
  const owner = ownerOf(path);
  if (owner === null || isAlive(owner)) return;
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
    if (ownerOf(aside) !== owner) linkSync(aside, path);
  } catch (error) {
    // Someone else was faster; the caller asks again.
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function tryLock(path) {
  const own = `${path}.${process.pid}`;
  writeFileSync(own, String(process.pid));
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    discardIfStale(path);
    return false;
  } finally {
    rmSync(own, { force: true });
  }
}

/** Runs `work` while holding the lock at `path`; waits for another holder up to ten minutes. */
export async function withLock(path, work) {
  try {
    mkdirSync(dirname(path), { recursive: true });
    accessSync(dirname(path), constants.W_OK);
  } catch (error) {
    throw new SetupError(`This clone is not ready and cannot be written: ${error.message}`, 69);
  }
  for (let waitedMs = 0; !tryLock(path); waitedMs += pollMs) {
    if (waitedMs === 1000) say(`Waiting for another set-up here (process ${ownerOf(path)}).`);
    if (waitedMs > patienceMs) {
      throw new SetupError(`Another set-up (process ${ownerOf(path)}) holds ${path}.`, 69);
    }
    await sleep(pollMs);
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

/** Builds the guest's kernel in a temporary folder, and puts it into the user's cache. */
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Machine } from '../../../doctor/machine.js';
import { LabError, messageOf } from '../../../errors.js';
import { readLines } from '../../../line-reader.js';
import { builtSchema } from './locate.js';
import { configFile, kernelCache, patchFile, recipeHash } from './recipe.js';
import { sourceArchive, sourceIdentity } from './source.js';

/** Files that the compiler makes, about: for the progress bar. */
const filesAbout = 1230;

export interface BuildProgress {
  step: 'unpacking the source' | 'configuring' | 'compiling' | 'linking';
  /** Share of the whole that is done, 0 to 1. */
  share: number;
}

/**
 * Build the kernel, or find that it is there already. Resolves with its file. Throws MACHINE_LACKS
 * for what is missing, SANDBOX_FAILED with the end of the compiler's words when it cannot be built.
 */
export async function buildKernel(options: {
  machine: Machine;
  source: string | undefined;
  onProgress: (progress: BuildProgress) => void;
  signal: AbortSignal;
}): Promise<{ file: string; built: boolean }> {
  const { machine, onProgress, signal } = options;
  if (process.arch !== 'x64') throw otherArchitecture();
  const archive = sourceArchive(options.source);
  const source = await sourceIdentity(archive, machine);
  const recipe = recipeHash();
  const target = join(kernelCache(), `${recipe}-${source.hash}`);
  const file = join(target, 'linux');
  if ((await machine.run([file, '--version'])).exitCode === 0) return { file, built: false };
  const work = mkdtempSync(join(tmpdir(), 'failover-lab-kernel-'));
  try {
    const make = stepsIn(work, signal);
    onProgress({ step: 'unpacking the source', share: 0 });
    await make('tar', ['--extract', '--strip-components=1', '--file', archive]);
    onProgress({ step: 'configuring', share: 0.05 });
    await make('patch', ['--strip=1', '--batch', '--input', patchFile()]);
    await make('make', ['ARCH=um', `KCONFIG_ALLCONFIG=${configFile()}`, 'allnoconfig']);
    refuseDropped(readFileSync(join(work, '.config'), 'utf8'));
    let files = 0;
    const jobs = `-j${availableParallelism()}`;
    await make('make', ['ARCH=um', jobs, 'linux'], (line) => {
      if (/^ {2}(CC|AS|AR) /.test(line)) files += 1;
      const linking = /^ {2}(LD|LINK|KSYMS|NM) .*(vmlinux|linux)$/.test(line);
      const share = 0.07 + 0.92 * Math.min(1, files / filesAbout);
      onProgress(linking ? { step: 'linking', share: 0.99 } : { step: 'compiling', share });
    });
    const { stdout: release } = await make('./linux', ['--version']);
    await make('strip', ['linux']);
    const fresh = join(work, 'kept');
    mkdirSync(fresh);
    renameSync(join(work, 'linux'), join(fresh, 'linux'));
    const facts = builtSchema.parse({ release: release.trim(), recipe, source: source.name });
    writeFileSync(join(fresh, 'kernel.json'), `${JSON.stringify(facts, null, 2)}\n`);
    await keep(fresh, target);
    return { file, built: true };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Runs one program of the build after the other; their words are shown only when one fails. */
function stepsIn(work: string, signal: AbortSignal) {
  return async (program: string, words: string[], onLine?: (line: string) => void) => {
    const child = execa(program, words, {
      cwd: work,
      env: {
        LC_ALL: 'C.UTF-8',
        KBUILD_BUILD_TIMESTAMP: '2026-01-01',
        KBUILD_BUILD_USER: 'lab',
        KBUILD_BUILD_HOST: 'lab',
      },
      cancelSignal: signal,
      reject: false,
      all: true,
    });
    if (onLine && child.stdout) {
      readLines(child.stdout, { charactersMax: 10_000, onLine, onTooLong: () => {} });
    }
    const result = await child;
    if (result.isCanceled) throw new LabError('INTERRUPTED', 'The build was interrupted.');
    if (result.exitCode === 0) return { stdout: String(result.stdout) };
    throw failed(program, words, result.code, String(result.all ?? ''));
  };
}

function failed(
  program: string,
  words: string[],
  code: string | undefined,
  text: string,
): LabError {
  if (code === 'ENOENT') {
    return new LabError(
      'MACHINE_LACKS',
      `${program} is not installed; building a kernel needs it.`,
      {
        hint: `Install what the build needs: sudo apt-get install --no-install-recommends ${buildPackages.join(' ')}`,
      },
    );
  }
  const full = /No space left on device/i.test(text);
  const last = text.trimEnd().split('\n').slice(-15).join('\n');
  const message = full
    ? `The disk is full: a kernel is built in ${tmpdir()}, where it needs about 1.7 GB.`
    : `Building the guest's kernel failed: ${program} ${words.join(' ')}`;
  return new LabError('SANDBOX_FAILED', message, {
    hint: full ? 'Make room, or set TMPDIR to a folder that has it.' : last,
  });
}

/** Debian packages without which no kernel is built. */
export const buildPackages = [
  ...['linux-source-6.1', 'gcc', 'libc6-dev', 'make', 'flex', 'bison', 'bc', 'patch', 'xz-utils'],
  'binutils',
];

/** An option that Kconfig dropped would be missed only when a lab needs it. */
function refuseDropped(config: string): void {
  const made = new Set(config.split('\n'));
  const wanted = readFileSync(configFile(), 'utf8')
    .split('\n')
    .filter((line) => /^CONFIG_\w+=(?!n$)/.test(line));
  const dropped = wanted.filter((line) => !made.has(line));
  if (dropped.length === 0) return;
  throw new LabError('SANDBOX_FAILED', `This kernel source lacks ${dropped.join(', ')}.`, {
    hint: 'Build from the source package that failover-lab names.',
  });
}

async function keep(fresh: string, target: string): Promise<void> {
  try {
    mkdirSync(join(target, '..'), { recursive: true });
    rmSync(target, { recursive: true, force: true });
    const copied = await execa('cp', ['--recursive', fresh, `${target}.new`], { reject: false });
    if (copied.exitCode !== 0) throw new Error(String(copied.stderr));
    renameSync(`${target}.new`, target);
  } catch (cause) {
    throw new LabError(
      'SANDBOX_FAILED',
      `The kernel cannot be kept in ${target}: ${messageOf(cause)}`,
      {
        cause,
        hint: 'Make the folder writable, or set XDG_CACHE_HOME to one that is.',
      },
    );
  }
}

export function otherArchitecture(): LabError {
  return new LabError('MACHINE_LACKS', architectureText, { hint: architectureHint });
}
export const architectureText = `Guests are user-mode Linux for x86-64; this machine is ${process.arch}.`;
export const architectureHint = 'Omit --clock virtual and --sandbox vm here.';

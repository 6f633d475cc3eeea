/** Makes an image by mmdebstrap: a tree of Debian that becomes the guest's root. */
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { LabError } from '../../../errors.js';
import { readLines } from '../../../line-reader.js';
import { imageSchema, labelOf, locateImage } from './locate.js';
import { type ImageName, imageFolder, imagePackages, imageSuites } from './recipe.js';

export interface ImageProgress {
  step: string;
  /** Share of the whole that is done, 0 to 1. */
  share: number;
}

/**
 * Make the image, or find that it is there already. Resolves with its folder and label. Throws
 * MACHINE_LACKS when mmdebstrap is missing, SANDBOX_FAILED with the end of its words.
 */
export async function buildImage(options: {
  name: ImageName;
  /** Where Debian's packages come from; left out: what mmdebstrap takes by itself. */
  mirror?: string | undefined;
  onProgress: (progress: ImageProgress) => void;
  signal: AbortSignal;
}): Promise<{ folder: string; label: string; built: boolean }> {
  const { name, mirror, onProgress, signal } = options;
  const folder = imageFolder(name);
  const there = locateImage(name);
  if (!('refused' in there)) return { folder, label: there.label, built: false };
  mkdirSync(join(folder, '..'), { recursive: true });
  const work = mkdtempSync(`${folder}-`);
  try {
    const tar = join(work, 'image.tar');
    onProgress({ step: 'asking for the packages', share: 0 });
    await runStep(bootstrap(name, tar, mirror), signal, (line) => {
      const step = stepOf(line);
      if (step) onProgress(step);
    });
    onProgress({ step: 'unpacking', share: 0.95 });
    mkdirSync(join(work, 'root'));
    // As this user's files, whoever they are in the archive: the guest reads them as this user.
    const unpack = ['tar', '--extract', '--no-same-owner', '--file', tar];
    await runStep([...unpack, '--exclude=./dev/*', '--directory', join(work, 'root')], signal);
    rmSync(tar);
    const facts = imageSchema.parse({
      distribution: distributionIn(join(work, 'root')),
      packages: packagesIn(join(work, 'root')),
    });
    writeFileSync(join(work, 'image.json'), `${JSON.stringify(facts, null, 2)}\n`);
    rmSync(folder, { recursive: true, force: true });
    renameSync(work, folder);
    return { folder, label: labelOf(name, facts), built: true };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function bootstrap(name: ImageName, tar: string, mirror: string | undefined): string[] {
  return [
    ...[
      'mmdebstrap',
      '--variant=essential',
      '--format=tar',
      `--include=${imagePackages.join(',')}`,
    ],
    // Nothing of documentation is needed, and no index of what could be installed.
    ...['doc', 'man', 'locale', 'info', 'lintian'].map(
      (part) => `--dpkgopt=path-exclude=/usr/share/${part}/*`,
    ),
    '--aptopt=Acquire::Languages "none"',
    ...[imageSuites[name], tar],
    ...(mirror === undefined ? [] : [mirror]),
  ];
}

async function runStep(
  [program = '', ...words]: string[],
  signal: AbortSignal,
  onLine?: (line: string) => void,
): Promise<void> {
  const child = execa(program, words, {
    env: { LC_ALL: 'C.UTF-8' },
    cancelSignal: signal,
    reject: false,
    all: true,
  });
  if (onLine && child.stderr) {
    readLines(child.stderr, { charactersMax: 10_000, onLine, onTooLong: () => {} });
  }
  const result = await child;
  if (result.isCanceled) throw new LabError('INTERRUPTED', 'Making the image was interrupted.');
  if (result.exitCode === 0) return;
  if (result.code === 'ENOENT') {
    throw new LabError('MACHINE_LACKS', `${program} is not installed; making an image needs it.`, {
      hint: 'Install it with: sudo apt-get install --no-install-recommends mmdebstrap',
    });
  }
  const text = String(result.all ?? '');
  throw new LabError(
    'SANDBOX_FAILED',
    `Making the image failed: ${program} ended with status ${result.exitCode}.`,
    {
      hint: /No space left on device/i.test(text)
        ? 'The disk is full: an image needs about 1 GB below ~/.cache, or below XDG_CACHE_HOME.'
        : text.trimEnd().split('\n').slice(-12).join('\n'),
    },
  );
}

/** Steps of mmdebstrap, as it prints them. */
const steps: [RegExp, string, number][] = [
  [/^I: downloading packages with apt/, 'fetching the base', 0.1],
  [/^I: extracting archives/, 'unpacking the base', 0.2],
  [/^I: installing (essential )?packages/, 'installing the base', 0.3],
  [/^I: installing remaining packages/, 'installing the packages', 0.5],
  [/^I: cleaning package lists/, 'tidying', 0.85],
  [/^I: creating tarball/, 'packing', 0.9],
];

function stepOf(line: string): ImageProgress | undefined {
  const found = steps.find(([pattern]) => pattern.test(line));
  return found && { step: found[1], share: found[2] };
}

function distributionIn(root: string): string {
  const text = readFileSync(join(root, 'etc/os-release'), 'utf8');
  return /^PRETTY_NAME="?([^"\n]+)/m.exec(text)?.[1] ?? 'unknown';
}

/** Every installed package, from dpkg's own list. */
export function packagesIn(root: string): Record<string, string> {
  const status = readFileSync(join(root, 'var/lib/dpkg/status'), 'utf8');
  const pairs = status.split('\n\n').flatMap((block) => {
    const field = (name: string) => new RegExp(`^${name}: (.+)$`, 'm').exec(block)?.[1];
    const [name, version] = [field('Package'), field('Version')];
    const installed = field('Status') === 'install ok installed';
    return installed && name && version ? [[name, version] as const] : [];
  });
  return Object.fromEntries(pairs.sort(([a], [b]) => (a < b ? -1 : 1)));
}

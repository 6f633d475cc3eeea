/** `failover-lab image build | path | remove`. */
import { dirname } from 'node:path';
import { LabError } from '../../errors.js';
import {
  buildImage,
  imageCache,
  imageNames,
  isImageName,
  locateImage,
} from '../../sites/guest-image.js';
import type { CommandContext } from '../context.js';
import { removeCache } from '../remove-cache.js';
import { showBuild } from '../show-build.js';
import { listenForInterruption } from '../signals.js';

export interface ImageBuildFlags {
  mirror?: string;
}

/** Make an image, showing how far it is, and print its folder. Throws WRONG_USE for another name. */
export async function build(
  name: string,
  { mirror }: ImageBuildFlags,
  { screen }: CommandContext,
): Promise<void> {
  if (!isImageName(name)) {
    throw new LabError('WRONG_USE', `There is no image '${name}'.`, {
      hint: `Images: ${imageNames.join(', ')}.`,
    });
  }
  const interruption = listenForInterruption(screen.err);
  const progress = showBuild(screen);
  try {
    const { folder, label, built } = await buildImage({
      ...{ name, mirror, onProgress: progress.see, signal: interruption.interrupted },
    });
    progress.end();
    if (!built) screen.err('This image was made before.\n');
    screen.err(`${label}\n`);
    screen.out(`${folder}\n`);
  } finally {
    progress.end();
    interruption.release();
  }
}

/** Print an image's folder, and its label for people. Throws MACHINE_LACKS when there is none. */
export function path(name: string, { screen }: CommandContext): void {
  const image = locateImage(name);
  if ('refused' in image) throw new LabError('MACHINE_LACKS', image.refused, { hint: image.hint });
  screen.err(`${image.label}\n`);
  screen.out(`${dirname(image.root)}\n`);
}

/** Remove the cache of images. Throws SANDBOX_FAILED. */
export function remove({ screen }: CommandContext): void {
  removeCache(imageCache(), screen);
}

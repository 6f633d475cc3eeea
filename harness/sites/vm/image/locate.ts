/** Finds an image in the user's cache, and states what is in it. */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { Environment } from '../../../model/history/events.js';
import { imageFolder, imageNames, isImageName } from './recipe.js';

/** What is kept beside the tree. */
export const imageSchema = z.strictObject({
  /** As it calls itself: `Debian GNU/Linux 12 (bookworm)`. */
  distribution: z.string(),
  /** Every installed package with its version, sorted by name. */
  packages: z.record(z.string(), z.string()),
});

type ImageFacts = z.infer<typeof imageSchema>;

export interface GuestImage {
  /** The tree that becomes the guest's root. */
  root: string;
  /** For records: the name, and the hash of the packages' versions. */
  label: string;
  facts: ImageFacts;
}

/** The image of that name, or why there is none and what to do. */
export function locateImage(name: string): GuestImage | { refused: string; hint: string } {
  if (!isImageName(name)) {
    return {
      refused: `There is no image '${name}'.`,
      hint: `Images: ${imageNames.join(', ')}.`,
    };
  }
  const folder = imageFolder(name);
  const facts = factsIn(folder);
  if (facts) return { root: join(folder, 'root'), label: labelOf(name, facts), facts };
  return {
    refused: `The image ${name} was not made yet, or not by this version of failover-lab.`,
    hint: `Make it once: failover-lab image build ${name}.`,
  };
}

/** Two trees with the same versions of all packages have the same label. */
export function labelOf(name: string, { packages }: ImageFacts): string {
  const versions = Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1));
  const hash = createHash('sha256').update(JSON.stringify(versions)).digest('hex');
  return `${name} ${hash.slice(0, 12)}`;
}

/** What a record states of programs, taken from the image instead of the machine. */
export function environmentOf({ label, facts }: GuestImage): Partial<Environment> {
  const { packages, distribution } = facts;
  const version = (name: string) => upstreamVersion(packages[name]);
  return {
    image: label,
    distribution,
    python: version('python3'),
    mininet: version('mininet'),
    ovs: version('openvswitch-switch'),
    iperf3: version('iperf3'),
    osken: version('python3-os-ken'),
  };
}

/** `1:3.1.0-2+deb12u1` is upstream's 3.1.0. */
export function upstreamVersion(debian: string | undefined): string {
  if (debian === undefined) return 'not installed';
  return debian.replace(/^\d+:/, '').replace(/[-+~].*$/, '');
}

function factsIn(folder: string): ImageFacts | null {
  try {
    statSync(join(folder, 'root/usr/bin/ovs-vsctl'));
    return imageSchema.parse(JSON.parse(readFileSync(join(folder, 'image.json'), 'utf8')));
  } catch {
    return null;
  }
}

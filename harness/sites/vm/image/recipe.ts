/** What an image for guests is made of: a suite of Debian, and the packages that a lab needs. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { userCache } from '../../user-cache.js';

/** Names for `--image`, with Debian's suite. */
export const imageSuites = { 'debian-12': 'bookworm', 'debian-13': 'trixie' } as const;

export type ImageName = keyof typeof imageSuites;

export const imageNames = Object.keys(imageSuites) as ImageName[];

export function isImageName(name: string): name is ImageName {
  return Object.hasOwn(imageSuites, name);
}

/** What a lab needs beside Node.js, which is the one that runs failover-lab. */
export const imagePackages = [
  ...['mininet', 'openvswitch-switch', 'openvswitch-testcontroller', 'python3-os-ken', 'iperf3'],
  ...[
    'mount',
    'tini',
    'iproute2',
    'nftables',
    'ethtool',
    'iputils-ping',
    'net-tools',
    'procps',
    'kmod',
  ],
  // Libraries of Node.js.
  ...['libstdc++6', 'libatomic1'],
];

/** First 12 hexadecimal digits of a hash over what is asked for; the versions come from Debian. */
export function imageRecipeHash(name: ImageName): string {
  const asked = JSON.stringify([name, imageSuites[name], imagePackages]);
  return createHash('sha256').update(asked).digest('hex').slice(0, 12);
}

/** The user's cache for images. */
export function imageCache(): string {
  return userCache('images');
}

/** Where an image of this version's recipe is kept. */
export function imageFolder(name: ImageName): string {
  return join(imageCache(), `${name}-${imageRecipeHash(name)}`);
}

/** Images for guests: what they are known by, and what is refused. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { guestCommand } from '../../harness/sites/vm/command.js';
import { packagesIn } from '../../harness/sites/vm/image/build.js';
import {
  environmentOf,
  labelOf,
  locateImage,
  upstreamVersion,
} from '../../harness/sites/vm/image/locate.js';
import { imageFolder } from '../../harness/sites/vm/image/recipe.js';
import { failoverLab } from '../lab/program.js';

const facts = {
  distribution: 'Debian GNU/Linux 12 (bookworm)',
  packages: { mininet: '2.3.0-1', 'openvswitch-switch': '3.1.0-2+deb12u1', python3: '3.11.2-1+b1' },
};

test('an image is known by the versions of its packages, in whatever order they are listed', () => {
  const { packages } = facts;
  const turned = Object.fromEntries(Object.entries(packages).reverse());
  expect(labelOf('debian-12', facts)).toMatch(/^debian-12 [0-9a-f]{12}$/);
  expect(labelOf('debian-12', { ...facts, packages: turned })).toBe(labelOf('debian-12', facts));
  const later = { ...packages, 'openvswitch-switch': '3.1.0-2+deb12u2' };
  expect(labelOf('debian-12', { ...facts, packages: later })).not.toBe(labelOf('debian-12', facts));
});

test('a record states the versions of the image, as upstream counts them', () => {
  const image = { root: '/nowhere', label: 'debian-12 0123456789ab', facts };
  expect(environmentOf(image)).toEqual({
    ...{ image: image.label, distribution: facts.distribution },
    ...{ python: '3.11.2', mininet: '2.3.0', ovs: '3.1.0' },
    ...{ iperf3: 'not installed', osken: 'not installed' },
  });
  expect(upstreamVersion('1:9.18.2~rc1-3')).toBe('9.18.2');
});

test("installed packages are read from dpkg's list, and removed ones are not", () => {
  const root = test.info().outputPath('root');
  mkdirSync(join(root, 'var/lib/dpkg'), { recursive: true });
  const block = (name: string, status: string) =>
    `Package: ${name}\nStatus: ${status}\nVersion: 1-${name}\n`;
  const blocks = [
    block('tini', 'install ok installed'),
    block('bash', 'install ok installed'),
    block('gone', 'deinstall ok config-files'),
  ];
  writeFileSync(join(root, 'var/lib/dpkg/status'), blocks.join('\n'));
  expect(Object.entries(packagesIn(root))).toEqual([
    ['bash', '1-bash'],
    ['tini', '1-tini'],
  ]);
});

test('an image is found in the cache of this user, with its tree', () => {
  const before = process.env.XDG_CACHE_HOME;
  process.env.XDG_CACHE_HOME = test.info().outputPath('cache');
  try {
    expect(locateImage('debian-12')).toMatchObject({
      hint: 'Make it once: failover-lab image build debian-12.',
    });
    const folder = imageFolder('debian-12');
    mkdirSync(join(folder, 'root/usr/bin'), { recursive: true });
    writeFileSync(join(folder, 'image.json'), JSON.stringify(facts));
    expect(locateImage('debian-12')).toHaveProperty('refused');
    writeFileSync(join(folder, 'root/usr/bin/ovs-vsctl'), '');
    expect(locateImage('debian-12')).toMatchObject({ root: join(folder, 'root'), facts });
    expect(locateImage('debian-11')).toMatchObject({ hint: 'Images: debian-12, debian-13.' });
  } finally {
    if (before === undefined) delete process.env.XDG_CACHE_HOME;
    else process.env.XDG_CACHE_HOME = before;
  }
});

test("with an image the guest's kernel gets one more word, and without one none", () => {
  const options = {
    ...{ kernel: '/k/linux', seed: 7, memoryMiB: 2048, memoryFolder: '/dev/shm' },
    ...{ logs: 'trial-0', runner: ['/lab/node'], mark: 'a-run', owner: '1' },
    processor: null,
  };
  expect(guestCommand(options).argv).not.toContain('LAB_IMAGE=1');
  expect(guestCommand({ ...options, withImage: true }).argv).toContain('LAB_IMAGE=1');
});

test('an image without a guest, and one that does not exist, are refused by name', () => {
  const run = (...words: string[]) => failoverLab(['run', 'relay-failover-fast', ...words]);
  const outside = run('--image', 'debian-12');
  expect(outside.status, outside.stderr).toBe(64);
  expect(outside.stderr).toContain('--image names the root of a guest');
  const unknown = failoverLab(['image', 'path', 'debian-9']);
  expect(unknown.status, unknown.stderr).toBe(69);
  expect(unknown.stderr).toContain("There is no image 'debian-9'.");
});

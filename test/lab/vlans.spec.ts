/** VLANs of plain switches over a trunk, and a host that tags by itself. */
import { expect, test } from '@playwright/test';
import { DrivenLab } from './driven-lab.js';

test('hosts reach their own VLAN over the trunk, and no other one', async () => {
  const lab = new DrivenLab('test/fixtures/labs/vlans.ts');
  try {
    await lab.ready();
    const address = (host: number) => `10.0.0.${host}`;
    const reaches = (from: number, to: number) => lab.ping(`h${from}`, address(to), 5);
    // h1, h2 and h3 are in VLAN 10, h4 and h5 in VLAN 20; all have addresses of one subnet.
    for (const [from, to] of [
      [1, 2],
      [1, 3],
      [2, 3],
      [4, 5],
    ] as const) {
      expect(reaches(from, to), `h${from} to h${to}`).toBe(1);
    }
    for (const [from, to] of [
      [1, 4],
      [3, 4],
      [5, 1],
      [4, 2],
    ] as const) {
      expect(reaches(from, to), `h${from} to h${to}`).toBe(0);
    }
    const tags = (device: string) => {
      const words = ['-nn', '-e', '-c', '60', '-i', device, 'ip'];
      const { stdout } = lab.insideRoot('timeout', '10', 'tcpdump', ...words, 'or', 'vlan');
      return new Set([...stdout.matchAll(/vlan (\d+)/g)].map(([, vlan]) => vlan));
    };
    expect(tags('s1-eth1')).toEqual(new Set(['10', '20']));
    // Ports of hosts that do not tag see no tags; that of h3, which does, sees its own.
    expect(tags('s1-eth2')).toEqual(new Set());
    expect(tags('s2-eth3')).toEqual(new Set(['10']));
    const ways = lab.events().filter(({ kind, label }) => kind === 'path' && label === 'ready');
    expect(ways).toMatchObject([
      { complete: true, nodes: ['h1', 's1', 's2', 'h3'] },
      { complete: true, nodes: ['h3', 's2', 's1', 'h1'] },
      { complete: true, nodes: ['h5', 's1', 's2', 'h4'] },
      { complete: true, nodes: ['h4', 's2', 's1', 'h5'] },
    ]);
  } finally {
    await lab.close();
  }
});

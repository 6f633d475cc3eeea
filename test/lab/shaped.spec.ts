/**
 * Goal: loss and bandwidth of links and tunnels are in the kernel as the scenario has them, and a
 * lab that loses packets by plan becomes ready. Seen by pings, counters of interfaces and nft.
 */
import { expect, test } from '@playwright/test';
import { DrivenLab } from './driven-lab.js';

const far = '10.99.0.2';

/** Sends datagrams of 1200 bytes as fast as the socket takes them, for four seconds. */
const flood = `
import socket, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
end = time.monotonic() + 4
while time.monotonic() < end:
    try:
        s.sendto(bytes(1200), ("${far}", 9))
    except OSError:
        pass
    time.sleep(0.0004)
`;

test('loss and bandwidth of links and tunnels are what the scenario says', async () => {
  const lab = new DrivenLab('test/fixtures/labs/shaped.ts');
  try {
    await lab.ready();
    const bytes = (host: string, way: 'rx' | 'tx') =>
      Number(lab.inside(host, 'cat', `/sys/class/net/${host}-eth0/statistics/${way}_bytes`).stdout);
    /** Packets that a filter of the lab has dropped so far. */
    const dropped = (table: string, list: (...argv: string[]) => { stdout: string }) =>
      [...list('nft', 'list', 'table', 'netdev', table).stdout.matchAll(/packets (\d+)/g)].reduce(
        (sum, [, count]) => sum + Number(count),
        0,
      );
    const onTunnel = (table: string) => dropped(table, (...argv) => lab.insideRoot(...argv));

    // Both ways over both pieces that lose: (0.8 × 0.9)² = 0.52 come back.
    const answered = lab.ping('h1', far, 250);
    expect(answered).toBeGreaterThan(0.4);
    expect(answered).toBeLessThan(0.65);
    expect(onTunnel('lab_lasting_gre_e1_r1_0')).toBeGreaterThan(50);
    const atHost = (...argv: string[]) => lab.inside('h2', ...argv);
    expect(dropped('lab_lasting_h2_e2_0', atHost)).toBeGreaterThan(20);

    // A queue without a rate is in the kernel as well.
    const queue = lab.inside('h2', 'tc', 'qdisc', 'show', 'dev', 'h2-eth0').stdout;
    expect(queue).toMatch(/pfifo .*limit 50p/);

    const policedBefore = onTunnel('lab_lasting_gre_r1_e2_0');
    const before = { sent: bytes('h1', 'tx'), received: bytes('h2', 'rx') };
    const startMs = performance.now();
    lab.inside('h1', '/usr/bin/python3', '-c', flood);
    const seconds = (performance.now() - startMs) / 1000;
    const sentBps = (8 * (bytes('h1', 'tx') - before.sent)) / seconds;
    const receivedBits = 8 * (bytes('h2', 'rx') - before.received);
    // The link holds back to 8 Mbit/s; the tunnel behind it drops what exceeds 4.
    expect(sentBps).toBeGreaterThan(4e6);
    expect(sentBps).toBeLessThan(9.5e6);
    // nftables lets a second's worth pass at once before it holds to the rate.
    expect(receivedBits).toBeGreaterThan(1e6 * seconds);
    expect(receivedBits).toBeLessThan(4e6 * (seconds + 1));
    expect(onTunnel('lab_lasting_gre_r1_e2_0') - policedBefore).toBeGreaterThan(100);
  } finally {
    await lab.close();
  }
});

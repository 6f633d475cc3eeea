/**
 * Every fault kind on a real lab: its effect and its heal are seen by something that the harness
 * has no part in (a ping from outside, a counter, a carrier file, the process table).
 */
import { expect, test } from '@playwright/test';
import { DrivenLab, stateOf } from './driven-lab.js';

const tunnel = { kind: 'link', link: 'gre-e1-r1' };
const relay = { kind: 'node', node: 'r1' };
const far = '10.99.0.2';

test.describe('on the only way there is', () => {
  let lab: DrivenLab;
  test.beforeAll(async () => {
    lab = new DrivenLab('test/fixtures/labs/line.ts');
    await lab.ready();
    expect(lab.ping('h1', far)).toBe(1);
  });
  test.afterAll(() => lab.close());

  /** Inject, look, heal, and see the path whole again (the controller decides every 2 s). */
  async function breaks(
    kind: string,
    target: object,
    look: () => void | Promise<void>,
    parameters = {},
    direction = 'both',
  ) {
    const injected = await lab.inject(kind, target, parameters, direction);
    expect(injected, JSON.stringify(injected)).toMatchObject({ type: 'done' });
    try {
      await look();
    } finally {
      expect(await lab.heal()).toMatchObject({ type: 'done' });
    }
    await expect.poll(() => lab.ping('h1', far, 5), { timeout: 15_000 }).toBe(1);
  }

  const receivedBytes = (host: string) =>
    Number(lab.inside(host, 'cat', `/sys/class/net/${host}-eth0/statistics/rx_bytes`).stdout);
  const dark = () => expect(lab.ping('h1', far, 5)).toBe(0);

  test('power-off: nothing passes, the interfaces are down and the daemons gone, and once is enough', () =>
    breaks('power-off', relay, async () => {
      const nic = '/sys/class/net/e2-nic/statistics/rx_packets';
      const received = () => Number(lab.inside('e2', 'cat', nic).stdout);
      const before = received();
      expect(lab.ping('h1', far, 50)).toBe(0);
      // The fabric sends what is for a dead machine to nobody else.
      expect(received() - before).toBeLessThan(25);
      expect(lab.pids(/(ovs-vswitchd|ovsdb-server).*\/r1\//)).toEqual([]);
      const flags = lab.inside('r1', 'ip', '-br', 'link').stdout.split('\n');
      expect(flags.filter((line) => /^r1-(nic|ctl)\S* .*[<,]UP[,>]/.test(line))).toEqual([]);
      const second = await lab.inject('power-off', relay);
      expect(second).toMatchObject({ type: 'refused', error: { code: 'FAULT_NOT_APPLIED' } });
      dark();
    }));

  test('an Open vSwitch is not woken by interfaces of other machines', () => {
    const received = () => {
      const words = ['coverage/read-counter', 'netlink_received'];
      const counter = lab.inside(
        'e1',
        'ovs-appctl',
        '-t',
        '/run/lab/e1/ovs-vswitchd.ctl',
        ...words,
      );
      return Number(counter.stdout);
    };
    const create = `for i in $(seq 50); do echo "link add x$i type veth peer y$i"; echo "link set x$i up"; done`;
    const remove = `for i in $(seq 50); do echo "link del x$i"; done`;
    const before = received();
    for (const lines of [create, remove]) {
      expect(lab.insideRoot('sh', '-c', `(${lines}) | ip -batch -`)).toMatchObject({ status: 0 });
    }
    expect(before).toBeGreaterThan(0);
    expect(received() - before).toBeLessThan(50);
  });

  test('a fault that fails half-way stays until it is undone', async () => {
    const h1 = (...words: string[]) => lab.inside('h1', 'ip', 'link', 'set', ...words);
    h1('h1-eth0', 'down');
    h1('h1-eth0', 'name', 'elsewhere');
    const link = { kind: 'link', link: 'h1-e1' };
    const refused = { type: 'refused', error: { code: 'FAULT_NOT_APPLIED' } };
    try {
      expect(await lab.inject('link-down', link)).toMatchObject(refused);
      // The other end was changed: a heal that cannot mend both is refused, and not forgotten.
      const mode = () => lab.inside('e1', 'ip', 'link', 'show', 'e1-eth1').stdout;
      expect(mode()).toContain('mode DORMANT');
      expect(await lab.heal()).toMatchObject(refused);
      expect(mode()).toContain('mode DEFAULT');
    } finally {
      h1('elsewhere', 'name', 'h1-eth0');
      h1('h1-eth0', 'up');
    }
    expect(await lab.heal()).toMatchObject({
      type: 'done',
      result: { healed: [{ kind: 'link-down' }] },
    });
    expect(await lab.heal()).toMatchObject({ type: 'done', result: { healed: [] } });
    await expect.poll(() => lab.ping('h1', far, 5), { timeout: 15_000 }).toBe(1);
  });

  test('vswitchd-crash: the daemon is gone, its database lives', () =>
    breaks('vswitchd-crash', relay, () => {
      dark();
      expect(lab.pids(/ovs-vswitchd.*\/r1\//)).toEqual([]);
      expect(lab.pids(/ovsdb-server.*\/r1\//)).toHaveLength(1);
    }));

  test('vswitchd-hang: the daemon is stopped, not dead', () =>
    breaks('vswitchd-hang', relay, () => {
      dark();
      expect(lab.pids(/ovs-vswitchd.*\/r1\//).map(stateOf)).toEqual(['T']);
    }));

  test('link-down: both ends lose carrier, and nobody can set them up again', () =>
    breaks('link-down', { kind: 'link', link: 'h1-e1' }, async () => {
      dark();
      const carrier = (node: string, port: string) =>
        lab.inside(node, 'cat', `/sys/class/net/${port}/carrier`).stdout.trim();
      // An interface that is down refuses to tell its carrier; its peer says 0.
      expect([carrier('h1', 'h1-eth0'), carrier('e1', 'e1-eth1')].sort()[0]).toBe('0');
      // What a port-mod of some controllers does.
      for (const node of ['h1', 'e1']) {
        lab.inside(node, 'ip', 'link', 'set', `${node}-eth${node === 'h1' ? 0 : 1}`, 'up');
      }
      dark();
      await expect.poll(() => lab.ovs('e1', 'e1-eth1', 'link_state').trim()).toBe('down');
    }));

  test('cable-cut across the fabric: silence, and the tunnel port stays up', () =>
    breaks('cable-cut', tunnel, () => {
      dark();
      expect(lab.ovs('e1', 'gre-r1', 'link_state').trim()).toBe('up');
    }));

  test('blackhole one way: requests arrive, answers do not', () =>
    breaks(
      'blackhole',
      tunnel,
      () => {
        const asked = () =>
          Number(
            /IcmpInEchos\s+(\d+)/.exec(
              lab.inside('h2', 'nstat', '-asz', 'IcmpInEchos').stdout,
            )?.[1] ?? 'NaN',
          );
        const before = asked();
        dark();
        expect(asked() - before).toBeGreaterThanOrEqual(4);
      },
      {},
      'reverse',
    ));

  test('blackhole both ways', () => breaks('blackhole', tunnel, dark));

  test('packet-loss: about the share that was asked for', () =>
    breaks(
      'packet-loss',
      tunnel,
      () => {
        const answered = lab.ping('h1', far, 200);
        expect(answered).toBeGreaterThan(0.5);
        expect(answered).toBeLessThan(0.9);
      },
      { lossPercent: 30 },
      'forward',
    ));

  test('large-packet-loss: small pings pass, large ones do not', () =>
    breaks(
      'large-packet-loss',
      tunnel,
      () => {
        expect(lab.ping('h1', far, 5, 56)).toBe(1);
        expect(lab.ping('h1', far, 3, 1300)).toBe(0);
      },
      { largerThanBytes: 1000 },
    ));

  test('arp-loss: a neighbour that is known is reached, one that must be asked for is not', async () => {
    for (const link of ['gre-e1-r1', 'h1-e1']) {
      await breaks('arp-loss', { kind: 'link', link }, () => {
        expect(lab.ping('h1', far, 5)).toBe(1);
        lab.inside('h1', 'ip', 'neigh', 'flush', 'dev', 'h1-eth0');
        dark();
      });
    }
  });

  test('icmp-loss: pings fail, TCP passes', async () => {
    for (const link of ['gre-e1-r1', 'h1-e1']) {
      await breaks('icmp-loss', { kind: 'link', link }, () => {
        dark();
        lab.inside('h2', 'sh', '-c', 'iperf3 -s -1 -D -p 5998');
        const words = `iperf3 -c ${far} -p 5998 -M 1300 -b 5M -t 1 -J`.split(' ');
        const { end } = JSON.parse(lab.inside('h1', ...words).stdout) as {
          end: { sum_received: { bytes: number } };
        };
        expect(end.sum_received.bytes).toBeGreaterThan(100_000);
      });
    }
  });

  test('rate-collapse: no more than the new rate gets through', () =>
    breaks(
      'rate-collapse',
      tunnel,
      () => {
        lab.inside('h2', 'sh', '-c', 'iperf3 -s -1 -D -p 5999');
        const startMs = performance.now();
        const before = receivedBytes('h2');
        const words = `iperf3 -c ${far} -p 5999 -u -b 20M -l 1200 -t 4 -J`.split(' ');
        const { stdout } = lab.inside('h1', ...words);
        // iperf3 sees no loss behind the last packet it got; the interface counts what came through.
        const bits = 8 * (receivedBytes('h2') - before);
        const seconds = (performance.now() - startMs) / 1000;
        const { end } = JSON.parse(stdout) as { end: { sum: { lost_percent: number } } };
        expect(end.sum.lost_percent).toBeGreaterThan(50);
        expect(bits).toBeGreaterThan(2e6 * seconds);
        // nftables lets a second's worth pass at once before it holds to the rate.
        expect(bits).toBeLessThan(5e6 * (seconds + 1));
      },
      { bitrateBps: 5_000_000 },
    ));

  test('flap: both states are seen and recorded, and it ends with the heal', () =>
    breaks(
      'flap',
      tunnel,
      () => {
        const answered = lab.ping('h1', far, 150);
        expect(answered).toBeGreaterThan(0.1);
        expect(answered).toBeLessThan(0.9);
        const changes = lab.events().filter(({ kind }) => kind === 'fault.transition');
        expect(changes.slice(0, 2)).toMatchObject([
          { state: 'up', verified: true },
          { state: 'down', verified: true },
        ]);
      },
      { periodMs: 1000, dutyPercent: 50, downKind: 'blackhole' },
    ));

  test('partition: the set is cut off from the rest', () =>
    breaks('partition', { kind: 'nodes', nodes: ['e1', 'h1'] }, dark));

  test('control-packet-loss: the control network loses, the data plane does not', () =>
    breaks(
      'control-packet-loss',
      relay,
      () => {
        const answered = lab.ping('r1', '10.254.0.1', 100);
        expect(answered).toBeGreaterThan(0.05);
        expect(answered).toBeLessThan(0.6);
        expect(lab.ping('h1', far, 5)).toBe(1);
      },
      { lossPercent: 50 },
    ));

  test('control-channel-loss: the control network is silent, the data plane goes on', () =>
    breaks('control-channel-loss', relay, () => {
      expect(lab.ping('r1', '10.254.0.1', 3)).toBe(0);
      expect(lab.ping('h1', far, 5)).toBe(1);
    }));

  test('controller-hang: the controller is stopped, the data plane goes on', () =>
    breaks('controller-hang', { kind: 'controller', instance: 0 }, () => {
      expect(lab.pids(/osken-manager/).map(stateOf)).toEqual(['T']);
      expect(lab.ping('h1', far, 5)).toBe(1);
    }));

  test('controller-crash: the controller is gone, the data plane goes on; heal starts a new one', async () => {
    const before = lab.pids(/osken-manager/);
    await breaks('controller-crash', { kind: 'controller', instance: 0 }, () => {
      expect(lab.pids(/osken-manager/)).toEqual([]);
      expect(lab.ping('h1', far, 5)).toBe(1);
    });
    const after = lab.pids(/osken-manager/);
    expect(after).toHaveLength(1);
    expect(after).not.toEqual(before);
  });

  test('a fault that cannot be applied is an error, not a measurement', async () => {
    const refused = await lab.inject('link-down', tunnel);
    expect(refused).toMatchObject({ type: 'refused', error: { code: 'FAULT_NOT_APPLIED' } });
    const nobody = await lab.inject('vswitchd-hang', { kind: 'node', node: 'h1' });
    expect(nobody).toMatchObject({ type: 'refused', error: { code: 'FAULT_NOT_APPLIED' } });
    const late = await lab.inject(
      'delay',
      { kind: 'link', link: 'h1-e1' },
      { delayMs: 50, jitterMs: 0 },
    );
    if (late.type === 'done') {
      // This kernel has netem: then the delay must be felt.
      expect(lab.inside('h1', 'ping', '-n', '-c', '3', far).stdout).toMatch(
        /min\/avg\/max\/mdev = (9\d|1\d\d)/,
      );
      await lab.heal();
    } else {
      expect(late).toMatchObject({ type: 'refused', error: { code: 'FAULT_NOT_APPLIED' } });
    }
    expect(lab.ping('h1', far, 5)).toBe(1);
  });
});

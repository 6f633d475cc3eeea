/**
 * Two hosts and a router between them, each a bare network namespace, for measuring the measuring
 * instruments: packets can be dropped in the middle, each way alone, and captured on both sides of
 * that point. Nothing of the lab's own topology code is in it.
 */
import { execa } from 'execa';
import { LabError } from '../../errors.js';
import type { ResolvedHost } from '../../model/resolved.js';

export type DropDirection = 'forward' | 'reverse' | 'both';

export interface MiddleNetwork {
  hosts: ResolvedHost[];
  enter(node: string): string[];
  /** Start dropping silently, in the router's forwarding path. */
  drop(direction: DropDirection): Promise<void>;
  /** Drop nothing any more. */
  heal(): Promise<void>;
  close(): void;
}

/** The router's interfaces: packets of h1 come in by the first and leave by the second. */
export const routerInterfaces = { left: 'r-eth1', right: 'r-eth2' } as const;

/** Begins a command that the kernel ends when this process dies, even by SIGKILL. */
export const dyingWithUs = ['setpriv', '--pdeathsig', 'KILL', '--'] as const;

const host = (name: string, subnet: number): ResolvedHost => ({
  kind: 'host',
  name,
  mac: '00:00:00:00:00:00',
  address: `10.0.${subnet}.2/24`,
  meterAddress: `10.0.${subnet}.3/24`,
});

const wiring = `
ip link add r-eth1 type veth peer name h1-eth0 netns /proc/H1/ns/net
ip link add r-eth2 type veth peer name h2-eth0 netns /proc/H2/ns/net
for i in 1 2; do
  ip addr add 10.0.$i.1/24 dev r-eth$i
  ip link set r-eth$i up
done
echo 1 > /proc/sys/net/ipv4/ip_forward
nft -f - <<'RULES'
table ip lab {
  chain middle { type filter hook forward priority 0; }
}
RULES
for i in 1 2; do
  pid=H1; [ $i = 2 ] && pid=H2
  nsenter -t $pid -n -- sh -ec "
    ip link set lo up
    ip addr add 10.0.$i.2/24 dev h$i-eth0
    ip addr add 10.0.$i.3/24 dev h$i-eth0
    ip link set h$i-eth0 up
    ip route add default via 10.0.$i.1
  "
done
`;

/** Build the network. It disappears with this process. Throws SANDBOX_FAILED. */
export async function openMiddleNetwork(): Promise<MiddleNetwork> {
  const nodes = { h1: openNamespace(), r: openNamespace(), h2: openNamespace() };
  const named = Object.entries(nodes).map(async ([name, { pid }]) => [name, await pid] as const);
  const pids = new Map(await Promise.all(named));
  const pidOf = (node: string) => pids.get(node) ?? 0;
  const enter = (node: string) => [
    ...dyingWithUs,
    'nsenter',
    '-t',
    String(pidOf(node)),
    '-n',
    '--',
  ];
  const openRules = () =>
    execa('setpriv', [...enter('r').slice(1), 'nft', '-i'], {
      stdio: ['pipe', 'pipe', 'inherit'],
      buffer: false,
      reject: false,
    });
  const script = wiring.replaceAll('H1', String(pidOf('h1'))).replaceAll('H2', String(pidOf('h2')));
  await execa('setpriv', [...enter('r').slice(1), 'sh', '-ec', script], { timeout: 10_000 });
  const rules = openRules();
  let told = '';
  rules.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    told += chunk;
  });
  // A program that already runs changes the rules at once, where starting one takes 5 to 50 ms.
  const change = async (command: string) => {
    told = '';
    rules.stdin.write(`${command}; list chain ip lab middle\n`);
    const deadline = performance.now() + 5_000;
    while (!told.includes('policy accept')) {
      if (performance.now() > deadline) {
        throw new LabError('FAULT_NOT_APPLIED', `nft did not answer: ${command}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  };
  return {
    hosts: [host('h1', 1), host('h2', 2)],
    enter,
    drop: (direction) => change(dropRule(direction)),
    heal: () => change('flush chain ip lab middle'),
    close: () => {
      rules.kill('SIGKILL');
      for (const { child } of Object.values(nodes)) child.kill('SIGKILL');
    },
  };
}

function dropRule(direction: DropDirection): string {
  const { left, right } = routerInterfaces;
  const from = { forward: `"${left}"`, reverse: `"${right}"`, both: `{ "${left}", "${right}" }` };
  return `add rule ip lab middle iifname ${from[direction]} counter drop`;
}

/** A process that holds a network namespace until its input ends, and its id there. */
function openNamespace() {
  const child = execa('unshare', ['--net', '--', 'sh', '-c', 'echo $$; read _'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    buffer: false,
    reject: false,
  });
  // Listen at once: what a child says before anybody listens may be gone.
  const pid = new Promise<number>((resolve, reject) => {
    const fail = (how: string) => reject(new LabError('SANDBOX_FAILED', `unshare --net ${how}.`));
    const late = setTimeout(() => fail('wrote nothing for 10 s'), 10_000);
    child.stdout.once('data', (chunk: Buffer) => resolve(Number(chunk.toString())));
    child.once('exit', (code) => fail(`ended with exit code ${code}`));
    const settled = () => clearTimeout(late);
    child.stdout.once('data', settled);
    child.once('exit', settled);
  });
  return { child, pid };
}

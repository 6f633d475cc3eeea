/**
 * Addresses that are handed out by number, at the boundaries where a number no longer fits into one
 * octet. The bridge's are asked of the bridge's own Python.
 */
import { execFileSync } from 'node:child_process';
import { expect, test } from '@playwright/test';
import * as lab from '../../harness/index.js';
import { examineScenario } from '../../harness/language/resolve.js';
import { cableNetwork, parseCidr } from '../../harness/model/network/addresses.js';
import {
  channelAddressOf,
  controlAddressOf,
  controlNetwork,
} from '../../harness/model/network/control-network.js';
import type { ResolvedTopology } from '../../harness/model/resolved.js';

/** What a function of the bridge's addresses.py returns for each number; an error as its text. */
function bridgeAddresses(name: string, numbers: number[]): Array<string | string[]> {
  const script = [
    'import sys, json',
    'sys.path.insert(0, "harness/lab/mininet/bridge")',
    'import addresses',
    'from protocol import BridgeError',
    'def ask(n):',
    '    try:',
    `        return addresses.${name}(n)`,
    '    except BridgeError as refused:',
    '        return "refused: " + str(refused)',
    'print(json.dumps([ask(n) for n in json.loads(sys.argv[1])]))',
  ].join('\n');
  const words = ['-B', '-c', script, JSON.stringify(numbers)];
  return JSON.parse(execFileSync('/usr/bin/python3', words, { encoding: 'utf8' }));
}

test('every cable has a network of four addresses that no other cable has', () => {
  const numbers = [...Array(1100).keys(), 16_382, 16_383];
  const cables = bridgeAddresses('cable_addresses', numbers) as string[][];
  expect(cables[0]).toEqual(['172.30.0.1', '172.30.0.2']);
  expect(cables[255]).toEqual(['172.30.255.1', '172.30.255.2']);
  expect(cables[256]).toEqual(['172.30.0.5', '172.30.0.6']);
  expect(cables.at(-1)).toEqual(['172.30.255.253', '172.30.255.254']);
  const whole = parseCidr(cableNetwork);
  const networks = cables.map(([a, b]) => {
    const [one, other] = [parseCidr(`${a}/30`), parseCidr(`${b}/30`)];
    const inside = one && whole && one.first >= whole.first && one.last <= whole.last;
    return inside && one.first === other?.first ? one.first : `${a} and ${b}`;
  });
  expect(networks.filter((network) => typeof network === 'string')).toEqual([]);
  expect(new Set(networks).size).toBe(networks.length);
  expect(String(bridgeAddresses('cable_addresses', [16_384]))).toMatch(
    /refused: cable number 16385 has no address: 172\.30\.0\.0\/16 has room for 16384 cables/,
  );
});

function relaysOnly(count: number): ResolvedTopology {
  const nodes = Array.from({ length: count }, (_, index) => ({ kind: 'relay', name: `r${index}` }));
  return { nodes } as unknown as ResolvedTopology;
}

test('control addresses fit their network, and both sides hand out the same', () => {
  const numbers = [0, 1, 247, 248, 249, 498, 63_746, 63_997];
  const given = bridgeAddresses('control_address', numbers) as string[];
  const topology = relaysOnly(64_000);
  expect(given).toEqual(numbers.map((index) => channelAddressOf(topology, `r${index}`)));
  const network = parseCidr(controlNetwork);
  for (const address of given) {
    const read = parseCidr(`${address}/16`);
    expect(read?.first, address).toBe(network?.first);
  }
  expect(String(bridgeAddresses('control_address', [63_998]))).toMatch(
    /refused: relay number 63999/,
  );
  expect(() => channelAddressOf(topology, 'r63998')).toThrow(/has no address in 10\.254\.0\.0\/16/);
});

test('a plain switch finds its controller by an address of loopback, or is refused', () => {
  const nodes = Array.from({ length: 64_000 }, (_, index) => ({
    kind: 'switch',
    name: `s${index}`,
  }));
  const topology = { nodes } as unknown as ResolvedTopology;
  const last = [0, 249, 63_998].map((index) => controlAddressOf(topology, `s${index}`));
  expect(last).toEqual(['127.1.0.1', '127.1.1.0', '127.1.255.249']);
  expect(() => controlAddressOf(topology, 's63999')).toThrow(/has no address in 127\.1\.0\.0\/16/);
});

test('a fabric may not lie in the network of the cables or of the controllers', () => {
  const problems = (subnet: string, over: 'fabric' | ReturnType<typeof lab.cable>) => {
    const written = lab.scenario({
      question: 'Do these addresses get along?',
      topology: [
        lab.relays('e1', 'e2'),
        lab.host('h1', { on: 'e1' }),
        lab.host('h2', { on: 'e2' }),
        lab.gre('e1', 'e2', { over }),
        lab.fabric({ subnet }),
      ],
      controller: lab.floyd(),
      traffic: [lab.iperf3('h1', 'h2', { mss: '1400B' })],
      timeline: [lab.at('5s', lab.vswitchdCrash('e1'))],
      expect: [],
    });
    const { problems: found } = examineScenario(written, { name: 'addresses', seed: 1 });
    return found.map(({ message }) => message);
  };
  expect(problems('172.30.0.0/16', lab.cable())).toEqual([
    "the fabric's 172.30.0.0/16 overlaps 172.30.0.0/16 of the cables under tunnels",
  ]);
  expect(problems('172.30.0.0/16', 'fabric')).toEqual([]);
  expect(problems('10.254.7.0/24', 'fabric')).toEqual([
    "the fabric's 10.254.7.0/24 overlaps 10.254.0.0/16 of the control network",
  ]);
});

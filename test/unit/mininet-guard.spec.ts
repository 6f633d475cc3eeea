/**
 * Goal: reading a Mininet file builds nothing. Only topologies are called, and nothing that they or
 * the file's own statements do makes a network, an interface or a process.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { examined, fileOf, refusal } from '../fixtures/mininet/written-file.js';

test.skip(!existsSync('/usr/lib/python3/dist-packages/mininet'), 'Mininet is not installed');

const imports =
  'import os, subprocess\nfrom mininet.net import Mininet\nfrom mininet.topo import Topo, MinimalTopo\nfrom mininet.node import *\nfrom mininet.link import *\n';
const built = "open(os.path.join(os.path.dirname(__file__), 'built'), 'w').close()";

/** Interfaces of this machine, and what the file left beside itself. */
const traces = (file: string) => [
  ...readdirSync('/sys/class/net'),
  ...readdirSync(dirname(file)).filter((name) => name === 'built'),
];

test('a function that is not in topos is not called', async () => {
  const file = fileOf(`${imports}def lab():\n    ${built}\n    net = Mininet()\n`);
  const before = traces(file);
  const error = await refusal(file, 'lab');
  expect(error.code).toBe('SCENARIO_UNREADABLE');
  expect(error.message).toContain(`${file}:6: 'lab' is a function that is not listed in topos`);
  expect(error.hint).toContain('class Lab(Topo):');
  expect(error.hint).toContain("topos = {'lab': Lab}");
  expect(error.hint).toMatch(/\nor write a scenario from the script: failover-lab import \S+\.py$/);
  expect(traces(file)).toEqual(before);
});

const building = [
  ['Mininet(topo=MinimalTopo())', 'Mininet(…)'],
  ['Mininet(build=False)', 'Mininet(…)'],
  ['type("Net", (Mininet,), {})()', 'Net(…)'],
  ["Host('h1')", 'Host(…)'],
  ["OVSSwitch('s1')", 'OVSSwitch(…)'],
  ["RemoteController('c0')", 'RemoteController(…)'],
  ["Intf('eth0')", 'Intf(…)'],
  ["quietRun('ip link add a type dummy')", 'ip link add a type dummy'],
  ["os.system('ip link add a type dummy')", 'ip link add a type dummy'],
  ["subprocess.run(['ip', 'link'])", 'ip link'],
  ["os.popen('true').read()", 'true'],
  ['os.fork()', 'os.fork'],
  ["__import__('socket').socket(16, 3, 0)", 'netlink'],
] as const;

async function expectRefusal(file: string, line: number, seen: string): Promise<void> {
  const before = traces(file);
  const error = await refusal(file, 't');
  expect(error.code).toBe('SCENARIO_UNREADABLE');
  expect(error.message).toContain(`${file}:${line}: `);
  expect(error.message).toContain(seen);
  expect(error.message).toMatch(/builds a network itself|starts a program|opens a/);
  expect(traces(file)).toEqual(before);
}

for (const [statement, seen] of building) {
  test(`a topology that does so is refused with its line: ${statement}`, async () => {
    const text = `${imports}def t():\n    ${statement}\n    ${built}\n    return MinimalTopo()\ntopos = {'t': t}\n`;
    await expectRefusal(fileOf(text), 7, seen);
  });
}

test('a file whose own statements do so is refused as well', async () => {
  for (const [statement, seen] of building.slice(0, 8)) {
    const text = `${imports}${statement}\n${built}\ntopos = {'t': MinimalTopo}\n`;
    await expectRefusal(fileOf(text), 6, seen);
  }
});

test('what a file catches is refused all the same', async () => {
  const text = `${imports}def t():\n    try:\n        Mininet()\n    except:\n        pass\n    return MinimalTopo()\ntopos = {'t': t}\n`;
  const file = fileOf(text);
  expect((await refusal(file, 't')).message).toContain(`${file}:8: `);
});

test('what stands under the usual test for a program is not run', async () => {
  const text = `${imports}def lab():\n    Mininet().start()\nif __name__ == '__main__':\n    lab()\ntopos = {'t': MinimalTopo}\n`;
  expect((await examined(fileOf(text))).problems).toEqual([]);
});

test('an interface that is made behind the back of Python is not one of this machine', async () => {
  test.skip(process.getuid?.() !== 0, 'only root could make one');
  const made = 'flabtrace';
  const add = `import ctypes\nctypes.CDLL(None).system(b'ip link add ${made} type veth peer name flabpeer')\n`;
  try {
    await examined(fileOf(`${imports}${add}topos = {'t': MinimalTopo}\n`));
    expect(readdirSync('/sys/class/net')).not.toContain(made);
  } finally {
    spawnSync('ip', ['link', 'del', made], { stdio: 'ignore' });
  }
});

test('the number of processors is no program', async () => {
  const text = `${imports}from mininet.util import numCores\nclass T(Topo):\n    def build(self):\n        for n in range(1, 1 + min(2, max(2, numCores()))):\n            self.addLink(self.addHost('h%d' % n), 's1' if n > 1 else self.addSwitch('s1'))\ntopos = {'t': T}\n`;
  expect((await examined(fileOf(text))).problems).toEqual([]);
});

test('modules beside the file are its own, whatever they are named', async () => {
  const file = fileOf(
    `from __future__ import annotations\nfrom dataclasses import dataclass\nfrom typing import get_type_hints\nfrom mininet.topo import MinimalTopo\nimport network\n@dataclass\nclass Site:\n    hosts: list[int]\nget_type_hints(Site)\ntopos = {'t': lambda: MinimalTopo(**network.options)}\n`,
  );
  writeFileSync(join(dirname(file), 'network.py'), 'options = {}\n');
  expect((await examined(file)).problems).toEqual([]);
});

test('a module of the lab is not in the way of one that is missing', async () => {
  const error = await refusal(fileOf('import commands\ntopos = {}\n'), 't');
  expect(error.message).toContain("No module named 'commands'");
});

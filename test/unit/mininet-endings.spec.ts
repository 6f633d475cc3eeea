/**
 * However a Mininet file ends Python, fails or prints, one error names the file, what happened and,
 * where there is one, the line; and what `mn --custom` or python3 reads is read.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { describeMininetFiles } from '../../harness/language/import/mininet-file.js';
import { mininetTopology } from '../../harness/language/topology/parts.js';
import { examined, fileOf, refusal } from '../fixtures/mininet/written-file.js';

test.skip(!existsSync('/usr/lib/python3/dist-packages/mininet'), 'Mininet is not installed');

const good = "from mininet.topo import Topo, MinimalTopo\ntopos = {'t': MinimalTopo}\n";

const endings: Array<[string, string, RegExp]> = [
  [
    'os._exit(0)',
    'import os\nos._exit(0)\n',
    /: Python exited before the file was read, with status 0$/,
  ],
  ['os._exit(3)', 'import os\nos._exit(3)\n', /exited before the file was read, with status 3$/],
  [
    'a signal',
    'import os\nos.kill(os.getpid(), 9)\n',
    /: Python was killed by SIGKILL while reading the file$/,
  ],
  ['a crash', 'import ctypes\nctypes.string_at(0)\n', /: Python was killed by SIGSEGV/],
  [
    'sys.exit',
    'import sys\nsys.exit(2)\n',
    /:2: the file exits Python while it is loaded, with sys\.exit\(2\)/,
  ],
  [
    'an answer of its own',
    "import os\nfor n in range(3, 9):\n    try: os.write(n, b'{}')\n    except OSError: pass\n",
    /exited before the file was read, with status 0$/,
  ],
  [
    'an error without a text',
    'class E(Exception):\n    def __str__(self): raise E()\nraise E()\n',
    /:3: E: \(its text is not available\)/,
  ],
  ['an error with a long text', "raise ValueError('x' * 100000)\n", /:1: ValueError: x{400}/],
  [
    'an error that steers a terminal',
    "raise ValueError('\\x1b[31m\\nred')\n",
    /ValueError: \\u001b\[31m\\u000ared/,
  ],
  [
    'topos of another type',
    `${good}topos = [MinimalTopo]\n`,
    /topos is \[<class .*; a dict is expected/,
  ],
];
for (const [what, text, message] of endings) {
  test(`${what}: one error with the file`, async () => {
    const file = fileOf(text.startsWith('from') ? text : `${text}${good}`);
    const error = await refusal(file, 't');
    expect(error.code).toBe('SCENARIO_UNREADABLE');
    expect(error.message.split('\n')[0]).toMatch(message);
    expect(error.message).toContain(file);
    expect(error.message.length).toBeLessThan(1200);
    expect(error.hint ?? '').not.toContain('doctor');
  });
}

test('argparse that wants arguments: what it printed, and how to hand values over', async () => {
  const text = `import argparse\nparser = argparse.ArgumentParser()\nparser.add_argument('pods')\nparser.parse_args()\n${good}`;
  const error = await refusal(fileOf(text), 't');
  expect(error.message).toContain('the following arguments are required: pods');
  expect(error.hint).toContain('mininetTopology(file, name, …)');
});

test('a topology with other arguments than it takes: how many the scenario hands over', async () => {
  const text =
    "from mininet.topo import Topo\nclass T(Topo):\n    def build(self, pods): pass\ntopos = {'t': T}\n";
  const error = await refusal(fileOf(text), 't');
  expect(error.message).toContain("missing 1 required positional argument: 'pods'");
  expect(error.hint).toContain("the scenario passes 0 arguments to 't'");
});

test('arguments that JSON cannot carry are refused', async () => {
  const cyclic: unknown[] = [];
  cyclic.push(cyclic);
  const topology = [mininetTopology(fileOf(good), 't', cyclic)];
  await expect(describeMininetFiles(topology, '/')).rejects.toThrow(/cannot be passed to Python: /);
});

test('a process that the file leaves behind does not hold the command', async () => {
  const text = `import ctypes, os, time\nif ctypes.CDLL(None).fork() == 0:\n    time.sleep(15)\n    os._exit(0)\n${good}`;
  const begun = performance.now();
  expect((await examined(fileOf(text))).problems).toEqual([]);
  expect(performance.now() - begun).toBeLessThan(10_000);
});

const read: Array<[string, string | Buffer]> = [
  ['a byte order mark', `\ufeff${good}`],
  [
    'a declared encoding',
    Buffer.from(`# -*- coding: latin-1 -*-\nname = 'caf\xe9'\n${good}`, 'latin1'),
  ],
  [
    'options of a command line',
    `import argparse\nparser = argparse.ArgumentParser()\nparser.add_argument('--pods')\nparser.parse_args()\n${good}`,
  ],
  ['no words of a command line', `import sys\nassert len(sys.argv) == 1\n${good}`],
  ['much that is printed', `import sys\nsys.stderr.write('x' * 200_000_000)\n${good}`],
  [
    'an option without a text',
    "from mininet.topo import Topo\nclass R:\n    def __repr__(self): raise ValueError()\nclass T(Topo):\n    def build(self):\n        self.addLink(self.addHost('h1', colour=R()), self.addSwitch('s1'))\n        self.addLink(self.addHost('h2'), 's1')\ntopos = {'t': T}\n",
  ],
];
for (const [what, text] of read) {
  test(`${what}: read`, async () => {
    const file = fileOf('');
    writeFileSync(file, text);
    expect((await examined(file)).problems).toEqual([]);
  });
}

test('the name of the file, or of its neighbour, hides no module of Python', async () => {
  const file = fileOf(
    `import argparse, random\nargparse.ArgumentParser()\nrandom.random()\n${good}`,
  );
  writeFileSync(join(dirname(file), 'argparse.py'), "raise RuntimeError('the wrong one')\n");
  writeFileSync(join(dirname(file), 'random.py'), "raise RuntimeError('the wrong one')\n");
  expect((await examined(file)).problems).toEqual([]);
});

const topology = (body: string) =>
  `from mininet.topo import Topo\nclass T(Topo):\n    def build(self):\n${body
    .split('; ')
    .map((line) => `        ${line}\n`)
    .join('')}topos = {'t': T}\n`;
const nodes =
  "self.addHost('h1'); self.addHost('h2'); self.addSwitch('s1'); self.addLink('h1', 's1')";
const values: Array<[string, string, string[]]> = [
  ['no nodes', 'pass', ['is empty: there is no node']],
  [
    'a link to itself',
    `${nodes}; self.addLink('h2', 's1'); self.addLink('s1', 's1')`,
    ["a link from 's1' to itself"],
  ],
  [
    'a number that no float holds',
    `${nodes}; self.addLink('h2', 's1', bw=10**400)`,
    [
      `the link between 'h2' and 's1' has bw=1${'0'.repeat(79)}; a number of Mbit/s from 0.001 to 1000 is expected`,
    ],
  ],
  [
    'a value that steers a terminal',
    `${nodes}; self.addLink('h2', 's1', delay='\\x1b[31m')`,
    [
      "the link between 'h2' and 's1' has delay='\\u001b[31m'; a time from 0 to 60 s as tc takes it, such as '5ms', is expected",
    ],
  ],
  [
    'more nodes than a lab has',
    "[self.addHost('h%d' % n) for n in range(2001)]",
    ['the Mininet file has 2001 nodes and 0 links; a lab has at most 2000 nodes and 20000 links'],
  ],
];
for (const [what, body, messages] of values) {
  test(`${what}: one problem that names it`, async () => {
    const { problems } = await examined(fileOf(topology(body)));
    expect(problems.map((problem) => problem.message)).toEqual(messages);
  });
}

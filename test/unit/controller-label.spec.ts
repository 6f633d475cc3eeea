/** Controllers as they are named on the command line: bundled ones, and any program. */
import { expect, test } from '@playwright/test';
import { LabError } from '../../harness/errors.js';
import * as lab from '../../harness/index.js';
import { splitControllers, splitWords } from '../../harness/language/command-words.js';
import { parseController } from '../../harness/language/controller-label.js';
import { examineScenario } from '../../harness/language/resolve.js';
import { nodesWith } from '../../harness/model/node-traits.js';

test('a command line is taken apart as a shell would', () => {
  expect(splitWords(`sh -c 'exec "$0" {port}' "two words" a\\ b ''`)).toEqual([
    ...['sh', '-c', 'exec "$0" {port}', 'two words', 'a b', ''],
  ]);
  expect(splitWords(`python3 -c "import sys; print('x', 1)"`)).toEqual([
    ...['python3', '-c', "import sys; print('x', 1)"],
  ]);
  expect(splitWords("./controller 'open")).toBeNull();
});

test('commas part controllers, not their options and not what is quoted', () => {
  expect(splitControllers('floyd, floyd-timeout:probeEvery=200ms,probeMultiplier=3,none')).toEqual([
    ...['floyd', 'floyd-timeout:probeEvery=200ms,probeMultiplier=3', 'none'],
  ]);
  const program = "command:sh -c 'a,b {port}'";
  expect(splitControllers(`${program},ovs-testcontroller`)).toEqual([
    program,
    'ovs-testcontroller',
  ]);
});

test('a program is named by its command line, options before it', () => {
  expect(parseController('command:./ctl --listen {port}')).toEqual({
    kind: 'command',
    argv: ['./ctl', '--listen', '{port}'],
  });
  expect(parseController('command:spanningTree=rstp,instances=2 -- ./ctl {port}')).toEqual({
    kind: 'command',
    spanningTree: 'rstp',
    instances: 2,
    argv: ['./ctl', '{port}'],
  });
  expect(parseController('osken:./my.py --observe-links')).toEqual({
    kind: 'osken',
    applications: ['./my.py'],
    arguments: ['--observe-links'],
  });
});

for (const [text, message] of [
  ['command', 'command needs a command line'],
  ['osken:', 'osken needs a list of applications'],
  ["command:./ctl 'x", "'./ctl 'x' has an unclosed quote"],
] as const) {
  test(`--controller ${text} is refused`, () => {
    expect(() => parseController(text)).toThrow(new LabError('WRONG_USE', message));
  });
}

const protectedRing = lab.scenario({
  question: 'Who keeps the loop closed?',
  topology: [lab.ring(4)],
  controller: lab.noController({ spanningTree: 'rstp' }),
  traffic: [lab.iperf3('h1', 'h3', { bitrate: '20Mbit/s' })],
  timeline: [lab.at('3s', lab.linkDown(lab.linkOnPath('h1', 'h3')))],
});

const treesWith = (controller: string) => {
  const options = { name: 'ring', seed: 1, controller };
  const { resolved, problems } = examineScenario(protectedRing, options);
  const switches = nodesWith(resolved?.topology.nodes ?? [], 'open-vswitch');
  const trees = switches.map(({ spanningTree }) => spanningTree);
  return { trees: [...new Set(trees)], problems: problems.map(({ message }) => message) };
};

test("a scenario's spanning tree stays with another controller that floods", () => {
  for (const controller of ['ovs-testcontroller', 'none', 'command:./ctl {port}', 'osken:./a.py']) {
    expect(treesWith(controller), controller).toEqual({ trees: ['rstp'], problems: [] });
  }
  expect(treesWith('floyd')).toEqual({ trees: ['none'], problems: [] });
  expect(treesWith('command:spanningTree=none -- ./ctl {port}').trees).toEqual(['none']);
  const open = treesWith('ovs-testcontroller:spanningTree=none').problems;
  expect(open.join()).toContain('learn by themselves (controller: ovs-testcontroller)');
});

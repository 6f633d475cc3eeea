/** What a scenario exports becomes plain data, or is refused with its place; bounds on how much. */
import { expect, test } from '@playwright/test';
import { plainCopy } from '../../harness/language/plain.js';
import { invalidScenario, Problems } from '../../harness/language/problems.js';
import { examineScenario } from '../../harness/language/resolve.js';
import { fullMesh, parallelRelays, ring } from '../../harness/language/topology/builders.js';
import { host } from '../../harness/language/topology/parts.js';
import { command } from '../../harness/language/written/controllers.js';
import { networkOutage } from '../../harness/language/written/expectations.js';
import { powerOff } from '../../harness/language/written/faults.js';
import { at } from '../../harness/language/written/timeline.js';
import { iperf3 } from '../../harness/language/written/traffic.js';

const cyclic: unknown[] = [];
cyclic.push({ inner: cyclic });
let deep: unknown = [];
for (let level = 0; level < 50_000; level += 1) deep = [deep];

const refused: Array<[string, unknown, string, string]> = [
  ['a list in itself', { topology: cyclic }, 'topology[0].inner', 'contains itself'],
  ['deep lists', { topology: deep }, 'topology[0][0]', 'is nested deeper than 32 levels'],
  ['a date', { limits: new Date() }, 'limits', "must be plain data, got 'Date'"],
  ['a map', { limits: new Map() }, 'limits', "must be plain data, got 'Map'"],
  ['a promise', { topology: Promise.resolve([]) }, 'topology', "got 'Promise'"],
  ['inherited members', [Object.create({ kind: 'host' })], '[0]', 'must be plain data'],
  ['a revoked proxy', { a: revoked() }, 'a', 'cannot be read'],
  ['very many values', Array.from({ length: 600_000 }, () => 1), '', 'more than 500000 values'],
];
function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}
for (const [what, written, path, message] of refused) {
  test(`${what}: refused with the place`, () => {
    const copied = plainCopy(written);
    expect(copied).toMatchObject({ problem: { path } });
    expect('problem' in copied && copied.problem.message).toContain(message);
  });
}

test('values stay, holes are undefined, a part may stand twice, __proto__ is a member', () => {
  const part = { kind: 'host', name: 'h1' };
  const call = () => 1;
  const parts: unknown[] = [part, part, 'goes', call, 5n, Number.NaN];
  delete parts[2];
  const written = {
    parts,
    own: JSON.parse('{"__proto__":1}'),
  };
  const copied = plainCopy(written);
  expect(copied).toEqual({
    value: { ...written, parts: [part, part, undefined, call, 5n, Number.NaN] },
  });
  expect('value' in copied && Object.keys((copied.value as typeof written).own)).toEqual([
    '__proto__',
  ]);
});

const written = {
  question: 'Is it refused?',
  topology: [parallelRelays(2)] as unknown[],
  traffic: [iperf3('h1', 'h2', { mss: '1400B', bitrate: '20Mbit/s' })],
  timeline: [at('5s', powerOff('r1'))],
};
const problemsOf = (changes: object) =>
  examineScenario({ ...written, ...changes }, { name: 'written', seed: 1 }).problems;

const many = <Item>(length: number, item: Item) => Array.from({ length }, () => item);
const tooMany: Array<[string, object, string, string]> = [
  [
    'nodes',
    { topology: Array.from({ length: 2001 }, (_, n) => host(`h${n}`)) },
    'topology',
    '2001 nodes',
  ],
  ['parts', { topology: many(20_001, host('h1')) }, 'topology', '20001 parts'],
  ['flows', { traffic: many(501, written.traffic[0]) }, 'traffic', '501 flows and meters'],
  ['steps', { timeline: many(501, written.timeline[0]) }, 'timeline', '501 steps'],
  [
    'expectations',
    { expect: many(1001, networkOutage.atMost('5s')) },
    'expect',
    '1001 expectations',
  ],
];
for (const [what, changes, path, message] of tooMany) {
  test(`too many ${what} are one problem, found at once`, () => {
    const begun = performance.now();
    const problems = problemsOf(changes);
    expect(problems.filter((problem) => problem.path === path)).toHaveLength(1);
    expect(problems.map((problem) => problem.message).join()).toContain(message);
    expect(performance.now() - begun).toBeLessThan(3000);
  });
}

test('of very many problems the first are printed, and the number of the rest', () => {
  const problems = new Problems();
  for (let n = 0; n < 5000; n += 1) problems.add(`topology[${n}]`, 'is not a part');
  const error = invalidScenario('written', problems.list);
  expect(error.message.split('\n')).toHaveLength(1 + 40 + 1);
  expect(error.message).toContain('and 4960 more');
  expect(error.details.problems).toHaveLength(5000);
});

const programs: Array<[string, object, string]> = [
  ['a NUL in the program', command(['tr\0ue']), 'controller.argv[0]'],
  ['a NUL in an argument', command(['true', 'a\0']), 'controller.argv[1]'],
  ['an empty program', command(['']), 'controller.argv[0]'],
  [
    'a NUL in a variable',
    command(['true'], { environment: { A: '\0' } }),
    'controller.environment.A',
  ],
  [
    'a variable with =',
    command(['true'], { environment: { 'A=B': '1' } }),
    'controller.environment.A=B',
  ],
];
for (const [what, controller, path] of programs) {
  test(`${what} is refused before anything is started`, () => {
    expect(problemsOf({ controller }).map((problem) => problem.path)).toContain(path);
  });
}

const builders: Array<[string, () => unknown, RegExp]> = [
  [
    'a misspelt option',
    () => ring(4, { host: 2 } as never),
    /ring: there is no option 'host' \(options: of, hosts/,
  ],
  [
    'a misspelt kind of node',
    () => ring(4, { of: 'relay' as never }),
    /of is 'switches' or 'relays', got 'relay'/,
  ],
  ['options that are none', () => ring(4, null as never), /options must be an object .* got null/],
  [
    'options of what is not built',
    () => ring(4, { tunnel: 'gre' }),
    /tunnel has no effect, since switches are joined by links/,
  ],
  [
    'links of relays',
    () => ring(4, { of: 'relays', linkOptions: {} }),
    /linkOptions has no effect/,
  ],
  [
    'an inherited name',
    () => ring(4, { of: 'relays', tunnel: 'toString' as never }),
    /there is no tunnel 'toString' \(tunnels: gre, vxlan, geneve\)/,
  ],
  [
    'more links than a record holds',
    () => fullMesh(300),
    /at most 20000 of each are possible, got 44850 links/,
  ],
  ['a size of another type', () => ring('4' as never), /from 3 to 1000, got '4'/],
  ['a size of another type still', () => ring(4n as never), /from 3 to 1000, got 4n/],
];
for (const [what, build, message] of builders) {
  test(`a builder refuses ${what}`, () => {
    expect(build).toThrow(message);
  });
}

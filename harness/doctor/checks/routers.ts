import type { Check } from '../finding.js';
import type { Machine } from '../machine.js';

const suites = [
  { name: 'FRR', package: 'frr', argv: ['/usr/lib/frr/zebra', '--version'] },
  { name: 'BIRD', package: 'bird2', argv: ['/usr/sbin/bird', '--version'] },
  { name: 'keepalived', package: 'keepalived', argv: ['/usr/sbin/keepalived', '--version'] },
] as const;

/** Only scenarios with routers need a suite, and a command that runs one asks for it. */
export const checkRouters: Check = async (machine) => {
  const found = await Promise.all(suites.map((suite) => sentenceOf(machine, suite)));
  return {
    id: 'routers',
    ok: 'yes',
    sentence: `${found.join('; ')}; scenarios with routers need them.`,
  };
};

async function sentenceOf(machine: Machine, suite: (typeof suites)[number]): Promise<string> {
  const [program] = suite.argv;
  if (!machine.exists(program)) {
    return `${suite.name} is not installed (package ${suite.package})`;
  }
  const { stdout, stderr } = await machine.run(suite.argv);
  const version = /(?:version|BIRD|Keepalived) v?(\d[\w.+-]*)/.exec(`${stdout}\n${stderr}`)?.[1];
  return version === undefined ? suite.name : `${suite.name} ${version}`;
}

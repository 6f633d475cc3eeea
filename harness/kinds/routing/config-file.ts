/** A router that runs on a configuration file of the user's: what the lab reads in it. Pure. */
import { readFrrFile } from '../../language/import/frr-file.js';
import type { NodeWith } from '../../model/node-traits.js';
import type { RoutingSession } from '../../model/routing.js';
import { readBirdFile } from './bird-file.js';
import type { DaemonConfig } from './frr-config.js';
import type { ReadSuite } from './suite.js';

type Router = NodeWith<'routes'>;

/** Sections of FRR's file by the daemon that has them, beside those that follow from protocols. */
const sectionDaemons: ReadonlyArray<readonly [RegExp, string]> = [
  [/^router ospf( |$)/m, 'ospfd'],
  [/^router ospf6( |$)/m, 'ospf6d'],
  [/^router isis /m, 'isisd'],
  [/^router bgp( |$)/m, 'bgpd'],
  [/^router rip( |$)/m, 'ripd'],
  [/^router ripng( |$)/m, 'ripngd'],
  [/^router eigrp /m, 'eigrpd'],
  [/^router babel( |$)/m, 'babeld'],
  [/^(ip|ipv6) route /m, 'staticd'],
];

/** What a file states of protocols, in the options that routers have; times are milliseconds. */
export function statedIn({ suite, config }: ReadSuite): Omit<ReadSuite, 'suite' | 'config'> {
  if (config === undefined) return {};
  if (suite === 'bird') return readBirdFile(config.text);
  const { ospf, bgp, isis, bfd, paths } = readFrrFile(config.text);
  const ms = (seconds: number) => seconds * 1000;
  return {
    ...(ospf ? { ospf: { ...inMs(ospf), spf: ospf.spf, network: ospf.network } } : {}),
    ...(bgp ? { bgp: { ...inMs(bgp), as: bgp.as } } : {}),
    ...(isis
      ? {
          isis: {
            ...(isis.hello === undefined ? {} : { hello: ms(isis.hello) }),
            ...(isis.multiplier === undefined ? {} : { multiplier: isis.multiplier }),
          },
        }
      : {}),
    ...(bfd ? { bfd } : {}),
    ...(paths === undefined ? {} : { paths }),
  };
}

/** Every number of seconds as milliseconds. */
function inMs(seconds: object): Record<string, number> {
  const numbers = Object.entries(seconds).filter(
    (entry): entry is [string, number] => typeof entry[1] === 'number',
  );
  return Object.fromEntries(numbers.map(([key, value]) => [key, value * 1000]));
}

/** The address that FRR's file gives an interface, CIDR; undefined: none. */
export function addressInFile({ suite, config }: ReadSuite, port: string): string | undefined {
  if (suite !== 'frr' || config === undefined) return undefined;
  return readFrrFile(config.text).interfaces.get(port)?.addresses[0];
}

/** The daemons that a file needs, without what is in it: FRR's get it when they run. */
export function daemonsOfFile({ suite, name, configFile }: Router): DaemonConfig[] {
  if (configFile === undefined) return [];
  if (suite === 'bird') return [{ program: 'bird', config: configFile.config }];
  const head = [`hostname ${name}`, 'log stdout informational', 'log timestamp precision 6', ''];
  const watches = /^ *(bfd|.* bfd( profile \S+)?)$/m.test(configFile.config);
  const needed = sectionDaemons
    .filter(([section]) => section.test(configFile.config))
    .map(([, program]) => program);
  const programs = ['zebra', ...(watches ? ['bfdd'] : []), ...needed];
  return programs.map((program) => ({ program, config: head.join('\n') }));
}

/** Whether a router's own file has the session; a router without a file has what was resolved. */
export function fileHas({ configFile, suite }: Router, session: RoutingSession): boolean {
  if (configFile === undefined) return true;
  const view: SessionView = { ...session, text: configFile.config };
  return suite === 'bird' ? birdHas(view) : frrHas(view);
}

interface SessionView {
  text: string;
  protocol: RoutingSession['protocol'];
  port: string;
  address: string;
}

function frrHas({ text, protocol, port, address }: SessionView): boolean {
  const block = linesOf(text, `interface ${port}`);
  const says = (pattern: RegExp) => block.some((line) => pattern.test(line));
  const anywhere = (line: string) => text.split('\n').some((one) => one.trim().startsWith(line));
  switch (protocol) {
    case 'ospf': {
      const passive = says(/^ip ospf passive/) || anywhere(`passive-interface ${port}`);
      return !passive && (says(/^ip ospf area /) || anywhere('network '));
    }
    case 'isis':
      return says(/^ip router isis /) && !says(/^isis passive/);
    case 'bgp':
      return anywhere(`neighbor ${address} `) || anywhere(`neighbor ${port} interface`);
    case 'bfd':
      return (
        says(/^(ip ospf|isis) bfd/) ||
        anywhere(`neighbor ${address} bfd`) ||
        anywhere(`peer ${address}`)
      );
    default:
      return false;
  }
}

/** The lines of all sections that begin so, without their margins. */
function linesOf(text: string, head: string): string[] {
  const found: string[] = [];
  let within = false;
  for (const line of text.split('\n')) {
    const words = line.trim();
    if (/^\S/.test(line) && words !== '!') within = words === head;
    else if (within) found.push(words);
  }
  return found;
}

function birdHas({ text, protocol, port, address }: SessionView): boolean {
  const named = [...text.matchAll(/interface\s+([^;{]*)\{([^}]*)\}/g)].filter(([, patterns = '']) =>
    [...patterns.matchAll(/"([^"]*)"/g)].some(([, pattern = '']) => matches(pattern, port)),
  );
  const neighbour = new RegExp(`neighbor\\s+${address.replaceAll('.', '\\.')}\\b`);
  if (protocol === 'bgp') return neighbour.test(text);
  if (protocol === 'ospf') return named.some(([, , body = '']) => !/\bstub\b/.test(body));
  return (
    protocol === 'bfd' &&
    (named.some(([, , body = '']) => /\bbfd\b/.test(body)) || neighbour.test(text))
  );
}

/** A name as BIRD's patterns have it: `*` is anything. */
function matches(pattern: string, name: string): boolean {
  const escaped = pattern.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${escaped}$`).test(name);
}

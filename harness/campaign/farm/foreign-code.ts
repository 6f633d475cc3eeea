/** Which scenarios can be executed elsewhere: those that are data alone. Pure. */
import { LabError } from '../../errors.js';
import type { ResolvedScenario } from '../../model/resolved.js';

/** Applications that os-ken itself brings along. */
const ownApplication = /^os_ken\.app\.\w+$/;

/** A program that the scenario would start and that is not part of this package; null: none. */
export function foreignCode({
  controller,
  topology,
  programs = [],
}: ResolvedScenario): string | null {
  const [first] = programs;
  if (first) return `the program ${first.argv.join(' ')}`;
  if (topology.mininetFile) return `the Mininet file ${topology.mininetFile.path}`;
  switch (controller.kind) {
    case 'command':
    case 'static-flows':
      return `the command ${controller.argv.join(' ')}`;
    case 'osken': {
      const words = [...controller.applications, ...controller.arguments];
      const own =
        controller.arguments.length === 0 && words.every((one) => ownApplication.test(one));
      return own ? null : `os-ken with ${words.join(' ')}`;
    }
    default:
      return null;
  }
}

/** Throws SCENARIO_INVALID for a scenario that would start a program from this machine elsewhere. */
export function refuseForeignCode(scenario: ResolvedScenario): void {
  const code = foreignCode(scenario);
  if (code === null) return;
  const message = `${scenario.name} starts ${code}, and other machines execute data only, never programs that a job names.`;
  const hint = 'Run it on this machine, or with --shard on a machine that has the program.';
  throw new LabError('SCENARIO_INVALID', message, { hint });
}

/** What a shell, or a program that takes options, would read as more than a word. */
const moreThanWord = /[\s;&|`$<>(){}\\'"!*?[\]#~\0]|^-/;

/** A default route, as `ip route` takes it. */
const nextHop = /^(via|dev) \w[\w.:-]*$/;

/**
 * A string of the resolved scenario that could be taken for a command where Mininet puts it into one;
 * null: none. Scenarios that were written and resolved here have none; what came from elsewhere may.
 */
export function commandInData({ topology, controller, ...rest }: ResolvedScenario): string | null {
  const { flows, meters, timeline, name } = rest;
  const { label: _, ...started } = controller;
  const strings = stringsIn([name, topology, started, flows, meters, timeline]);
  return strings.find((text) => moreThanWord.test(text) && !nextHop.test(text)) ?? null;
}

/** Daemons of routing suites. They read their configuration from a file, and it starts no program. */
const routingDaemon =
  /^(vtysh|zebra|ospfd|ospf6d|bgpd|bfdd|isisd|ripd|ripngd|eigrpd|babeld|staticd|bird)$/;

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'config' && isRoutingDaemon(value) ? [key] : [key, ...stringsIn(inner)],
  );
}

function isRoutingDaemon(value: object): boolean {
  if (!('program' in value) || typeof value.program !== 'string') return false;
  if (value.program === 'keepalived') return 'config' in value && isPlainVrrp(value.config);
  return routingDaemon.test(value.program);
}

/** keepalived starts programs that its configuration names: nothing but plain VRRP may be in it. */
function isPlainVrrp(config: unknown): boolean {
  const statement =
    /^ *(?:[\w./-]+|(?:router_id|vrrp_version|vrrp_garp_master_refresh|vrrp_sync_group|vrrp_instance|state|interface|virtual_router_id|priority|advert_int) [\w.-]+)?(?: ?\{)?$|^ *\}$/;
  return typeof config === 'string' && config.split('\n').every((line) => statement.test(line));
}

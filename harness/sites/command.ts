/** The command line that opens a sandbox. Pure: what it does is written in ARCHITECTURE.md. */
import { ownerVariable } from './owner.js';

/**
 * `sudo`: root's, opened by an ordinary user through sudo. `none`: on the host's own network and
 * Open vSwitch; processes and files stay the lab's own.
 */
export type SandboxKind = 'root' | 'user' | 'sudo' | 'none';

export interface SandboxCommand {
  argv: string[];
  environment: Record<string, string>;
}

/** Where system programs live; a PATH without sbin makes ethtool and others silently missing. */
export const systemPath = '/usr/sbin:/usr/bin:/sbin:/bin';

/** The variable that marks every process of a run, so that leftovers can be found by looking. */
export const markVariable = 'FAILOVER_LAB_RUN';

/**
 * argv and environment for a sandbox that dies with its parent: the kernel kills `unshare` when
 * the supervisor dies, process 1 of the sandbox when `unshare` dies, and everything else with it.
 */
export function sandboxCommand(options: {
  kind: SandboxKind;
  mark: string;
  /** Start of the supervisor, see owner.ts. */
  owner: string;
  /** The run's folder. */
  folder: string;
  keepFolders: string[];
  insideScript: string;
  /** Root's end of a sandbox that is opened through sudo. */
  guardProgram: string;
  runner: string[];
}): SandboxCommand {
  const { kind } = options;
  const user = kind === 'user' ? ['--user', '--map-root-user'] : [];
  const network = kind === 'none' ? [] : ['--net'];
  const argv = [
    'setpriv',
    ...['--pdeathsig', 'KILL', '--', 'unshare', ...user, ...network],
    ...['--pid', '--mount', '--ipc', '--uts', '--fork'],
    ...['--kill-child=KILL', '--mount-proc', '--'],
    ...['tini', '-s', '--', 'sh', options.insideScript],
    ...options.runner,
  ];
  const environment = {
    PATH: systemPath,
    HOME: '/run/lab/home',
    LANG: 'C.UTF-8',
    TMPDIR: '/tmp',
    [markVariable]: options.mark,
    [ownerVariable]: options.owner,
    ...(kind === 'none' ? { FAILOVER_LAB_ON_HOST: 'yes' } : {}),
    FAILOVER_LAB_KEEP: options.keepFolders.join('\n'),
  };
  if (kind !== 'sudo') return { argv, environment };
  const words = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  const guard = ['/usr/bin/python3', '-IB', options.guardProgram, options.folder];
  return {
    argv: ['sudo', '-n', '--', ...guard, ...words, '--', ...argv],
    environment: { PATH: systemPath },
  };
}

/** The command line that opens namespaces for a lab. Pure: what it does is written in ARCHITECTURE.md. */
import { markVariable, ownerVariable } from '../mark.js';
import { systemPath } from '../system-path.js';

/** What a lab has of its own, beside processes, mounts and IPC. */
export interface NamespaceOptions {
  /** In a user namespace, in which the user that opens it is root. */
  asUser?: boolean;
  /** Without a network of its own: on the host's, and with the host's Open vSwitch. */
  onHost?: boolean;
}

export interface SiteCommand {
  argv: string[];
  environment: Record<string, string>;
}

/**
 * argv and environment for a lab that dies with its parent: the kernel kills `unshare` when the
 * supervisor dies, process 1 of the lab when `unshare` dies, and everything else with it.
 */
export function namespaceCommand(options: {
  namespaces: NamespaceOptions;
  /** Mark of the run, and start of the supervisor, see mark.ts. */
  mark: string;
  owner: string;
  keepFolders: string[];
  insideScript: string;
  runner: string[];
}): SiteCommand {
  const { asUser, onHost } = options.namespaces;
  const user = asUser ? ['--user', '--map-root-user'] : [];
  const network = onHost ? [] : ['--net'];
  return {
    argv: [
      'setpriv',
      ...['--pdeathsig', 'KILL', '--', 'unshare', ...user, ...network],
      ...['--pid', '--mount', '--ipc', '--uts', '--fork'],
      ...['--kill-child=KILL', '--mount-proc', '--'],
      ...['tini', '-s', '--', 'sh', options.insideScript],
      ...options.runner,
    ],
    environment: {
      PATH: systemPath,
      HOME: '/run/lab/home',
      LANG: 'C.UTF-8',
      TMPDIR: '/tmp',
      [markVariable]: options.mark,
      [ownerVariable]: options.owner,
      ...(onHost ? { FAILOVER_LAB_ON_HOST: 'yes' } : {}),
      FAILOVER_LAB_KEEP: options.keepFolders.join('\n'),
    },
  };
}

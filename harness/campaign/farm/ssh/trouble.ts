/** What ssh and the far shell print when they fail, as what failed and what to do. Pure. */
import type { ProgramEnd } from '../../../sites/program-place.js';
import type { FarTrouble } from '../job.js';
import { thisMachine } from './machines.js';

interface Sign {
  code: string;
  seen: RegExp;
  message: (machine: string, match: RegExpExecArray) => string;
  hint: (machine: string) => string;
}

const hostOf = (machine: string) => machine.slice(machine.indexOf('@') + 1);

const signs: Sign[] = [
  {
    code: 'SSH_REFUSED',
    seen: /connect to (?:host|address) \S+ port (\d+): Connection refused/,
    message: (machine, [, port]) => `${machine} refuses ssh: nothing listens on port ${port}.`,
    hint: () => 'Start its ssh server, or name the right port in your ssh configuration.',
  },
  {
    code: 'HOST_KEY_CHANGED',
    seen: /REMOTE HOST IDENTIFICATION HAS CHANGED/,
    message: (machine) => `The host key of ${hostOf(machine)} differs from the known one.`,
    hint: (machine) =>
      `Find out why it changed before you trust it; then ssh-keygen -R ${hostOf(machine)} and ssh ${machine}.`,
  },
  {
    code: 'HOST_KEY_UNKNOWN',
    seen: /Host key verification failed|No \S+ host key is known/,
    message: (machine) => `The host key of ${hostOf(machine)} is unknown here.`,
    hint: (machine) => `Connect once by hand and compare its fingerprint: ssh ${machine}`,
  },
  {
    code: 'SSH_DENIED',
    seen: /Permission denied(?: \(([^)]*)\))?/,
    message: (machine) => `${machine} accepts none of your ssh keys.`,
    hint: (machine) => `Copy one there: ssh-copy-id ${machine}. A password cannot be asked for.`,
  },
  {
    code: 'HOST_UNKNOWN',
    seen: /Could not resolve hostname/,
    message: (machine) => `The name ${hostOf(machine)} cannot be resolved to an address.`,
    hint: () => 'Check the name, or give it an address in your ssh configuration.',
  },
  {
    code: 'UNREACHABLE',
    seen: /timed out|No route to host|Network is unreachable|Timeout, server|Broken pipe|Connection reset|closed by/,
    message: (machine) => unreachable(machine).message,
    hint: (machine) => unreachable(machine).hint,
  },
  {
    code: 'DISK_FULL',
    seen: /No space left on device|Disk quota exceeded/,
    message: (machine) => `The disk of ${machine} is full.`,
    hint: () => 'Free some space in the cache folder of that user (XDG_CACHE_HOME or ~/.cache).',
  },
  {
    code: 'NODE_MISSING',
    seen: /node: (?:command )?not found|node: No such file/,
    message: (machine) => `${machine} has no Node on the PATH of a shell that ssh starts.`,
    hint: () => 'Install Node 20.12 or newer there, and link it into /usr/local/bin.',
  },
];

function unreachable(machine: string) {
  return {
    code: 'UNREACHABLE',
    message: `${machine} does not answer: the ssh connection was lost or timed out.`,
    hint: 'Check that the machine is up and the network reaches it.',
  };
}

/** Why a command on a machine failed, by how it ended. */
export function troubleOf(
  machine: string,
  { exitCode, timedOut, stderr }: Omit<ProgramEnd, 'stdout'>,
): FarTrouble {
  for (const { code, seen, message, hint } of signs) {
    const match = seen.exec(stderr);
    if (match) return { code, message: message(machine, match), hint: hint(machine) };
  }
  if (timedOut) return unreachable(machine);
  const last = stderr.trim().split('\n').slice(-3).join(' ').slice(0, 500);
  const way = machine === thisMachine ? 'The command' : 'ssh';
  const how = exitCode === null ? 'was ended' : `ended with status ${exitCode}`;
  const message = `${way} on ${machine} ${how}${last ? `: ${last}` : '.'}`;
  return { code: exitCode === 255 ? 'UNREACHABLE' : 'FAR_COMMAND_FAILED', message };
}

/** The oldest version of Node that executes trials; the same as in harness/setup. */
const oldestNode = [20, 12] as const;

/** What is wrong with the version that `node --version` printed; null: nothing. */
export function nodeTrouble(machine: string, printed: string): FarTrouble | null {
  const [, major, minor] = /^v(\d+)\.(\d+)\./.exec(printed.trim()) ?? [];
  const hint = 'Install Node 20.12 or newer there, and link it into /usr/local/bin.';
  if (major === undefined) {
    const message = `${machine} has no Node on the PATH of a shell that ssh starts.`;
    return { code: 'NODE_MISSING', message, hint };
  }
  const [oldestMajor, oldestMinor] = oldestNode;
  const enough =
    Number(major) > oldestMajor || (Number(major) === oldestMajor && Number(minor) >= oldestMinor);
  if (enough) return null;
  const message = `${machine} has Node ${printed.trim().slice(1)}; failover-lab needs Node 20.12 or newer.`;
  return { code: 'NODE_TOO_OLD', message, hint };
}

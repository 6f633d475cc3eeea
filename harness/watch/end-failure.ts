/** Why an end could not be begun on its machine, and what to do. */
import { LabError } from '../errors.js';
import type { EndLine } from './end-lines.js';
import type { EndOptions } from './end-program.js';
import type { WatchPlan } from './request.js';

/** How long probes may take to arrive for the first time. */
export const reachWithinMs = 6_000;

type Why =
  | Extract<EndLine, { kind: 'end.failed' }>
  | { exitCode: number | null; stderr: string }
  | 'silent';

/** The error for one end, by its machine's name. Pure. */
export function endFailure(name: string, options: EndOptions, why: Why): LabError {
  const [message, hint] = wordsOf(name, options, why);
  return new LabError('MACHINE_LACKS', message, { hint });
}

function wordsOf(name: string, { port, peer }: EndOptions, why: Why): [string, string] {
  if (why === 'silent') {
    return [
      `${name} stopped answering while its clock was read.`,
      'Check the network path to it, and try again.',
    ];
  }
  if ('exitCode' in why) return bySsh(name, why);
  switch (why.reason) {
    case 'python':
      return [
        `${name} has Python ${why.version ?? '(unknown)'}; an end needs 3.7 or newer.`,
        'Install a newer python3 there. Nothing else is needed.',
      ];
    case 'port-taken':
      return [
        `UDP port ${port} is in use on ${name}; another watch may be running there.`,
        'Wait until it ends, or choose a free port with --port.',
      ];
    case 'peer-unknown':
      return [
        `${name} cannot resolve ${peer} to an IPv4 address (${why.message ?? 'no reason given'}).`,
        `State the address behind the name: --between …,${peer}=192.0.2.4`,
      ];
    case 'gone':
    case 'failed':
      return [
        `The end on ${name} did not start: ${why.message ?? 'no reason given'}.`,
        'Check that python3 works there and may open UDP sockets.',
      ];
  }
}

/** What ssh printed, or the shell of that machine. */
function bySsh(name: string, { exitCode, stderr }: { exitCode: number | null; stderr: string }) {
  const silent = exitCode === null ? 'no answer in time' : `status ${exitCode}`;
  const said = stderr.trim().split('\n').filter(Boolean).at(-1) ?? silent;
  const [, hint] = hints.find(([pattern]) => pattern.test(stderr)) ?? [
    null,
    `Check that \`ssh ${name} true\` works without a question.`,
  ];
  const what =
    exitCode === 127 || exitCode === 126 ? 'python3 cannot be run on' : 'ssh cannot reach';
  return [`${what} ${name}: ${said.replace(/\.$/, '')}.`, hint.replaceAll('%', name)] as [
    string,
    string,
  ];
}

/** By the words of ssh, env and shells; `%` = the machine. */
const hints: ReadonlyArray<readonly [RegExp, string]> = [
  [
    /Host key verification failed|REMOTE HOST IDENTIFICATION/i,
    'Run `ssh %` once, compare the key that it shows with that of the machine, and accept it.',
  ],
  [
    /Permission denied/i,
    'Give it your public key: ssh-copy-id %. A password cannot be asked for here.',
  ],
  [
    /Could not resolve|Name or service not known/i,
    'Check the name, or use the host alias of your ssh configuration.',
  ],
  [
    /Connection refused/i,
    'Check that an ssh server listens there; another port is chosen in your ssh configuration or with --via "ssh -p 2222".',
  ],
  [
    /timed out|No route to host|Network is unreachable/i,
    'Check that the machine is on and that the network reaches it.',
  ],
  [/\bssh\S*: (not found|No such file)/i, 'Install an ssh client here: openssh-client.'],
  [
    /python3.*(not found|No such file)/i,
    'Install python3 (3.7 or newer) there. Nothing else is needed.',
  ],
];

/** Probes of one end, or of both, do not arrive. `deaf`: who receives nothing. Pure. */
export function unreached({ machines, port }: WatchPlan, deaf: readonly number[]): LabError {
  const ways = deaf.map((index) => {
    const [here, there] = [machines[index], machines[1 - index]];
    return `${there?.name} to ${here?.name} (${here?.address}, UDP port ${port})`;
  });
  return new LabError(
    'NOT_READY',
    `No probe arrived within ${reachWithinMs / 1000} s from ${ways.join(' and from ')}.`,
    {
      hint: 'Check that the address is the one by which the other machine reaches it (--between h3.example=192.0.2.3,…), and that no firewall drops that port. Behind an address translation, one of the two must be reachable.',
    },
  );
}

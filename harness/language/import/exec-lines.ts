/** Commands that a file runs on a node, as far as they state addresses and routes. Pure. */
import { splitWords } from '../command-words.js';

export interface ExecStatement {
  /** CIDR by interface. */
  addresses: Array<{ interface: string; address: string }>;
  /** `default` or a network, and the next hop. */
  routes: Array<{ prefix: string; via: string }>;
  forwards: boolean;
  /** Lines of a configuration that `vtysh -c` would set. */
  vtysh: string[];
  /** Commands of which nothing is taken. */
  left: string[];
}

const cidr = /^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/;
const address = /^\d{1,3}(\.\d{1,3}){3}$/;

/** What a lab does by itself: interfaces up, FRR started and its configuration loaded. */
const idle = [
  /^ip link set (dev )?\S+ up$/,
  /^(ip addr(ess)?|ifconfig) (flush|del) /,
  /^(vtysh -b|touch \/etc\/frr\/|chown .* \/etc\/frr|service frr |systemctl \S+ frr|\/usr\/lib\/frr\/)/,
  /^ip route (del|delete|flush) default/,
  /^(sleep |echo |true$|route( -n)?$|ifconfig( -a)?$|ip (a|addr|address|r|route|link)( show)?$)/,
];

export function readCommands(commands: readonly string[]): ExecStatement {
  const statement: ExecStatement = {
    ...{ addresses: [], routes: [], forwards: false, vtysh: [], left: [] },
  };
  for (const command of commands.flatMap(singleCommands)) {
    if (takeIp(command, statement) || takeOther(command, statement)) continue;
    if (!idle.some((pattern) => pattern.test(command))) statement.left.push(command);
  }
  return statement;
}

/** `sh -c 'a && b'` is a and b. */
function singleCommands(command: string): string[] {
  const words = splitWords(command.trim()) ?? [];
  const shell = /^(\/bin\/|\/usr\/bin\/)?(ba|a|da)?sh$/.test(words[0] ?? '');
  const inner = shell && /^-l?c$/.test(words[1] ?? '') ? (words[2] ?? '') : command;
  return inner
    .split(/&&|\|\||;|\n/)
    .map((one) => one.trim().replace(/\s+/g, ' '))
    .filter((one) => one !== '');
}

function takeIp(command: string, statement: ExecStatement): boolean {
  const words = command.replace(/^sudo /, '').split(' ');
  const [program, object = '', verb = '', what = ''] = words;
  const after = (word: string) => words[words.indexOf(word, 3) + 1];
  if (program !== 'ip') return false;
  if (/^a(ddr(ess)?)?$/.test(object) && /^(add|replace)$/.test(verb) && cidr.test(what)) {
    const device = words.includes('dev', 4) ? after('dev') : undefined;
    if (device === undefined) return false;
    statement.addresses.push({ interface: device, address: what });
    return true;
  }
  const isRoute = /^r(oute)?$/.test(object) && /^(add|replace|append)$/.test(verb);
  const via = isRoute && words.includes('via', 4) ? after('via') : undefined;
  if (via === undefined || !address.test(via)) return false;
  if (what !== 'default' && !cidr.test(what)) return false;
  statement.routes.push({ prefix: what, via });
  return true;
}

/** `ifconfig` and `route`, with their masks. */
function takeNetTools(command: string, statement: ExecStatement): boolean {
  const pattern = /^ifconfig (\S+) (?:inet )?(\d[\d.]+)(?:\/(\d+)| netmask ([\d.]+))?( up)?$/;
  const [, device, bare, length, mask] = pattern.exec(command) ?? [];
  if (device !== undefined && bare !== undefined) {
    const prefix = length ?? (mask === undefined ? undefined : prefixOf(mask));
    const given = `${bare}/${prefix ?? 8}`;
    if (!cidr.test(given)) return false;
    statement.addresses.push({ interface: device, address: given });
    return true;
  }
  const way =
    /^route add (?:(default)|-net (\S+?)(?: netmask ([\d.]+))?) gw (\S+)( dev \S+| \S+-eth\d+)?$/;
  const [, all, net, netmask, via] = way.exec(command) ?? [];
  if (via === undefined || !address.test(via)) return false;
  const prefix = all ?? (net?.includes('/') ? net : `${net}/${prefixOf(netmask ?? '') ?? 24}`);
  if (prefix !== 'default' && !cidr.test(prefix)) return false;
  statement.routes.push({ prefix, via });
  return true;
}

/** Of `255.255.255.0` 24. */
function prefixOf(mask: string): number | undefined {
  const bits = mask
    .split('.')
    .map((octet) => Number(octet).toString(2).padStart(8, '0'))
    .join('');
  return /^1*0*$/.test(bits) && bits.length === 32 ? bits.replace(/0+$/, '').length : undefined;
}

function takeOther(command: string, statement: ExecStatement): boolean {
  if (/^(sysctl (-w )?(-q )?)?net\.ipv4\.(conf\.all\.forwarding|ip_forward) ?= ?1$/.test(command)) {
    statement.forwards = true;
    return true;
  }
  if (/^echo 1 ?> ?\/proc\/sys\/net\/ipv4\/ip_forward$/.test(command)) {
    statement.forwards = true;
    return true;
  }
  if (takeNetTools(command, statement)) return true;
  const words = splitWords(command) ?? [];
  if (words[0] !== 'vtysh' || words[1] !== '-c') return false;
  statement.vtysh.push(
    ...words
      .filter((_, index) => words[index - 1] === '-c')
      .filter((line) => !/^(conf(igure)?( t(erminal)?)?|write.*|wr|end|do write.*)$/.test(line)),
  );
  return true;
}

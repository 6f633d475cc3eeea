/**
 * The Debian packages a lab needs: which are missing (by looking for their files, which works on
 * every distribution), and how they are installed without starting any service of the host.
 */
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { runAloud } from './command.mjs';
import { SetupError, say } from './say.mjs';
import { withoutServices } from './without-services.mjs';

const binFolders = ['/usr/bin', '/usr/sbin', '/bin', '/sbin', '/usr/local/bin', '/usr/local/sbin'];
const pythonFolders = ['/usr/lib/python3/dist-packages', '/usr/local/lib/python3/dist-packages'];

const program = (name) => binFolders.map((folder) => `${folder}/${name}`);
const pythonPackage = (name) => pythonFolders.map((folder) => `${folder}/${name}/__init__.py`);

/** Every list of `needs` names alternatives, of which one must exist. */
const packages = [
  { name: 'mininet', needs: [program('mnexec'), pythonPackage('mininet')] },
  { name: 'openvswitch-switch', needs: [program('ovs-vsctl'), program('ovs-dpctl')] },
  { name: 'openvswitch-testcontroller', needs: [program('ovs-testcontroller')] },
  { name: 'iperf3', needs: [program('iperf3')] },
  { name: 'python3-os-ken', needs: [pythonPackage('os_ken')] },
  { name: 'ethtool', needs: [program('ethtool')] },
  { name: 'iputils-ping', needs: [program('ping')] },
  { name: 'nftables', needs: [program('nft')] },
  { name: 'psmisc', needs: [program('killall')] },
  { name: 'tcpdump', needs: [program('tcpdump')] },
  { name: 'tini', needs: [program('tini')] },
  { name: 'iproute2', needs: [program('ip'), program('tc')] },
  { name: 'procps', needs: [program('ps'), program('sysctl')] },
  { name: 'util-linux', needs: [program('unshare'), program('setpriv'), program('nsenter')] },
  { name: 'mount', needs: [program('mount'), program('umount')] },
  { name: 'hostname', needs: [program('hostname')] },
  { name: 'kmod', needs: [program('modinfo')] },
];

const browser = {
  name: 'chromium',
  needs: [[...program('chromium'), ...program('chromium-browser'), ...program('google-chrome')]],
};

function isThere(path) {
  try {
    // A program that may not be executed is as good as none.
    accessSync(path, /\.(py|xz|h)$/.test(path) ? constants.R_OK : constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** What the tests need besides: a browser, a check of XML against a schema, another way to be root. */
const testPackages = [
  browser,
  { name: 'libxml2-utils', needs: [program('xmllint')] },
  { name: 'sudo', needs: [program('sudo')] },
  { name: 'openssh-server', needs: [program('sshd')] },
  { name: 'redis-server', needs: [program('redis-server')] },
];

/** With what trials are executed by other machines, `--on`. */
const farmPackages = [
  { name: 'parallel', needs: [program('parallel')] },
  { name: 'openssh-client', needs: [program('ssh')] },
];

/** What nodes of some scenarios run: installed when such a scenario is, and for the tests. */
const nodePackages = [
  { name: 'frr', needs: [['/usr/lib/frr/zebra'], program('vtysh')] },
  { name: 'bird2', needs: [program('bird')] },
  { name: 'keepalived', needs: [program('keepalived')] },
];

/** What the guest's kernel is built from and with; `kernel build` alone needs them. */
const kernelPackages = [
  { name: 'linux-source-6.1', needs: [['/usr/src/linux-source-6.1.tar.xz']] },
  { name: 'gcc', needs: [program('gcc')] },
  { name: 'libc6-dev', needs: [['/usr/include/stdio.h']] },
  { name: 'make', needs: [program('make')] },
  { name: 'flex', needs: [program('flex')] },
  { name: 'bison', needs: [program('bison')] },
  { name: 'bc', needs: [program('bc')] },
  { name: 'patch', needs: [program('patch')] },
  { name: 'xz-utils', needs: [program('xz')] },
];

/** What images for guests are made with; `image build` alone needs it. */
const imagePackages = [{ name: 'mmdebstrap', needs: [program('mmdebstrap')] }];

/** What they are needed for. */
function purposeOf({ kernel, image, farm }) {
  if (kernel) return 'building a kernel';
  if (farm) return 'the option --on';
  return image ? 'making an image' : 'a lab';
}

function sentence(text) {
  return text[0].toUpperCase() + text.slice(1);
}

function packagesFor({ testing = false, kernel = false, image = false, farm = false, nodes = [] }) {
  if (kernel) return kernelPackages;
  if (image) return imagePackages;
  if (farm) return farmPackages;
  if (nodes.length > 0) return nodePackages.filter(({ name }) => nodes.includes(name));
  return [...packages, ...(testing ? [...testPackages, ...nodePackages, ...farmPackages] : [])];
}

/**
 * Names of the Debian packages that are needed and not there. `testing` adds what tests need;
 * `kernel` and `image` mean what those are built with instead of what a lab needs, `farm` what other
 * machines are reached with, `nodes` those of the named packages that nodes of a scenario run.
 */
export function missingPackages(purpose) {
  return packagesFor(purpose)
    .filter(({ needs }) => !needs.every((alternatives) => alternatives.some(isThere)))
    .map(({ name }) => name);
}

/** @returns {{name: string, family: string[]}} from os-release(5). */
function distribution() {
  const path = ['/etc/os-release', '/usr/lib/os-release'].find((candidate) =>
    existsSync(candidate),
  );
  const text = path === undefined ? '' : readFileSync(path, 'utf8');
  const field = (name) => new RegExp(`^${name}=["']?([^"'\\n]*)`, 'm').exec(text)?.[1] ?? '';
  return {
    name: field('PRETTY_NAME') || field('ID') || 'an unknown distribution',
    family: [field('ID'), ...field('ID_LIKE').split(' ')],
  };
}

function installLine(missing) {
  return `apt-get install --yes --no-install-recommends ${missing.join(' ')}`;
}

async function agreed() {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question('Install them now? [y/N] ').catch(() => '');
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}

/** Ubuntu ships Chromium as a snap only, which no script should install unasked. */
function withoutSnap(missing, family) {
  if (!family.includes('ubuntu') || !missing.includes(browser.name)) return missing;
  say('Tests in a browser need Chromium, for which Ubuntu has no package. To install it: ');
  say('  npx playwright install chromium');
  return missing.filter((name) => name !== browser.name);
}

const networkTrouble =
  /Temporary failure resolving|Could not resolve|Could not connect|Network is unreachable|Unable to connect|connection timed out/i;

function explain(output, missing) {
  const reason = networkTrouble.test(output)
    ? "apt-get could not reach the distribution's servers. Check the network connection."
    : 'apt-get failed (see above).';
  return `${reason}\nStill missing: ${missing.join(' ')}\nTo install them later:\n  ${installLine(missing)}`;
}

async function install(missing) {
  const env = {
    ...process.env,
    DEBIAN_FRONTEND: 'noninteractive',
    NEEDRESTART_SUSPEND: '1',
    LC_ALL: 'C.UTF-8',
    RUNLEVEL: '1',
  };
  const patience = [
    '-o',
    'DPkg::Lock::Timeout=300',
    '-o',
    'Acquire::Retries=1',
    '-o',
    'Acquire::Retries::Delay=false',
    '-q',
  ];
  // A failed update is not a failure yet: the lists that are there may do.
  const update = await runAloud('apt-get', [...patience, 'update'], { env });
  const args = [...patience, 'install', '--yes', '--no-install-recommends', ...missing];
  const { exitCode, output } = await runAloud('apt-get', args, { env });
  if (exitCode !== 0) throw new SetupError(explain(update.output + output, missing), 69);
}

/**
 * As root: installs, after a question when there is a terminal to ask at. Otherwise, or when it
 * cannot: a `SetupError` with what is missing and the line that installs it.
 */
export async function installSystemPackages(wanted, purpose) {
  const { name, family } = distribution();
  const missing = withoutSnap(wanted, family);
  if (missing.length === 0) return;
  if (!family.includes('debian') && !family.includes('ubuntu')) {
    throw new SetupError(
      `This machine (${name}) lacks programs that ${purposeOf(purpose)} needs. failover-lab can install ` +
        'packages only on Debian and Ubuntu.\nMissing, by the names of the Debian packages: ' +
        `${missing.join(' ')}\nPlease install what they contain, and try again.`,
      69,
    );
  }
  if (process.getuid() !== 0) {
    throw new SetupError(
      `${sentence(purposeOf(purpose))} needs Debian packages that are missing: ${missing.join(' ')}\n` +
        `Please run:\n  sudo ${installLine(missing)}`,
      69,
    );
  }
  say(`Missing Debian packages: ${missing.join(' ')}`);
  if (process.stdin.isTTY && process.stderr.isTTY && !(await agreed())) {
    throw new SetupError(`Nothing was installed. To install later:\n  ${installLine(missing)}`, 69);
  }
  say('Installing them with apt-get; no service of this machine is started.');
  await withoutServices(() => install(missing));
  const still = missingPackages(purpose).filter((name) => missing.includes(name));
  if (still.length === 0) return;
  throw new SetupError(
    `apt-get reports success, but these are still missing: ${still.join(' ')}`,
    69,
  );
}

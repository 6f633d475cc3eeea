/**
 * What happens before the first command: on machines that lack something, at a terminal or not,
 * as root or not, and when sources change. Machines are made in namespaces of their own, in which
 * files of this one are covered, so nothing of it changes.
 */
import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { packageRoot } from '../../harness/package-root.js';

interface Ended {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

let clone = '';

/** A clone with a command line of three lines, in a folder of its own. */
test.beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'setup-test-'));
  for (const name of ['package.json', 'package-lock.json', 'tsconfig.json', 'harness/setup']) {
    cpSync(join(packageRoot(), name), join(clone, name), { recursive: true });
  }
  symlinkSync(join(packageRoot(), 'node_modules'), join(clone, 'node_modules'));
  mkdirSync(join(clone, 'harness/cli'));
  writeSource('harness/cli/main.ts', [
    "import { greeting } from '../greeting.js';",
    'export async function main(argv: string[]): Promise<number> {',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the text of a source file.
    '  console.log(`${greeting} ${argv.join(" ")}`);',
    '  return 3;',
    '}',
  ]);
  writeSource('harness/greeting.ts', ["export const greeting: string = 'hello';"]);
});

test.afterEach(() => rmSync(clone, { recursive: true, force: true }));

function writeSource(path: string, lines: string[]): void {
  writeFileSync(join(clone, path), `${lines.join('\n')}\n`);
}

function end(program: string, args: string[], input = ''): Promise<Ended> {
  const child = spawn(program, args, { timeout: 100_000 });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  // Who does not read what it is given may end before.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
}

const startLine = () => `'${process.execPath}' '${clone}/harness/setup/start.mjs'`;

function start(...args: string[]): Promise<Ended> {
  return end(process.execPath, [join(clone, 'harness/setup/start.mjs'), ...args]);
}

/** Runs a shell script in namespaces of its own, where it may cover what it likes. */
function elsewhere(script: string, namespaces: string[] = [], input = ''): Promise<Ended> {
  const own = ['--mount', '--pid', '--fork', '--kill-child=KILL', ...namespaces];
  return end('unshare', [...own, 'sh', '-ec', script], input);
}

/** Covers a program, so that it is there but cannot be executed. */
const without = (...names: string[]) =>
  names.map((name) => `mount --bind /dev/null "$(readlink -f "$(command -v ${name})")"`).join('\n');

test.describe('a machine that lacks packages', () => {
  test.skip(process.getuid?.() !== 0, 'covering files of the machine needs root');

  test('as an ordinary user: the exact line', async () => {
    const { exitCode, stdout, stderr } = await elsewhere(`
      chmod 755 ${clone}
      ${without('iperf3', 'tcpdump')}
      exec setpriv --reuid 65534 --regid 65534 --clear-groups ${startLine()} run relay-failover`);
    expect(stderr).toBe(
      'A lab needs Debian packages that are missing: iperf3 tcpdump\nPlease run:\n' +
        '  sudo apt-get install --yes --no-install-recommends iperf3 tcpdump\n',
    );
    expect({ exitCode, stdout }).toEqual({ exitCode: 69, stdout: '' });
    expect(existsSync(join(clone, 'dist'))).toBe(false);
  });

  test('on another distribution: what is missing', async () => {
    writeFileSync(join(clone, 'os-release'), 'PRETTY_NAME="Fedora Linux 40"\nID=fedora\n');
    const { exitCode, stderr } = await elsewhere(`
      ${without('nft')}
      mount --bind ${clone}/os-release "$(readlink -f /etc/os-release)"
      exec ${startLine()} run relay-failover`);
    expect(stderr).toBe(
      'This machine (Fedora Linux 40) lacks programs that a lab needs. failover-lab can ' +
        'install packages only on Debian and Ubuntu.\nMissing, by the names of the Debian ' +
        'packages: nftables\nPlease install what they contain, and try again.\n',
    );
    expect(exitCode).toBe(69);
  });

  test('at a terminal: asks first, and takes no for an answer', async () => {
    const { exitCode, stdout } = await elsewhere(
      `${without('iperf3')}
      exec script --quiet --return --command "${startLine()} run x" /dev/null`,
      [],
      'n\n',
    );
    const lines = stdout.replaceAll('\r', '').split('\n');
    expect(lines).toContain('Missing Debian packages: iperf3');
    expect(stdout).toContain('Install them now? [y/N]');
    expect(stdout).toContain('Nothing was installed. To install later:');
    expect(exitCode).toBe(69);
  });

  test('without a network: says so, and leaves no policy behind', async () => {
    // Everything that apt-get may write goes to memory.
    const { exitCode, stderr, stdout } = await elsewhere(
      `mkdir ${clone}/memory; mount -t tmpfs none ${clone}/memory
      for folder in usr var etc; do
        mkdir ${clone}/memory/$folder ${clone}/memory/$folder-work
        mount -t overlay overlay -o lowerdir=/$folder,upperdir=${clone}/memory/$folder,workdir=${clone}/memory/$folder-work /$folder || exit 99
      done
      rm -f /usr/sbin/policy-rc.d /var/cache/apt/archives/*.deb
      dpkg --force-all --remove iperf3 >/dev/null 2>&1
      status=0; ${startLine()} run relay-failover || status=$?
      ls /usr/sbin/policy-rc.d 2>/dev/null || true
      exit $status`,
      ['--net'],
    );
    test.skip(exitCode === 99, 'this kernel has no overlay file system');
    expect(stderr).toContain('Missing Debian packages: iperf3\n');
    expect(stderr).toContain('no service of this machine is started.\n');
    expect(stderr).toContain(
      "apt-get could not reach the distribution's servers. Check the network connection.\n" +
        'Still missing: iperf3\nTo install them later:\n' +
        '  apt-get install --yes --no-install-recommends iperf3\n',
    );
    expect({ exitCode, stdout }).toEqual({ exitCode: 69, stdout: '' });
  });

  test('commands that start no network do without', async () => {
    const { exitCode, stdout } = await elsewhere(
      `${without('iperf3')}\nexec ${startLine()} report runs/latest`,
    );
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: 'hello report runs/latest\n' });
  });
});

test('a bare clone is built, and the exit code is the command line’s', async () => {
  const { exitCode, stdout, stderr } = await start('list', '--json');
  expect({ exitCode, stdout, stderr }).toEqual({
    exitCode: 3,
    stdout: 'hello list --json\n',
    stderr: '',
  });
  expect(readdirSync(join(clone, '.cache'))).toEqual([]);
});

test('what is built stays until a source changes', async () => {
  const built = join(clone, 'dist/harness/cli/main.js');
  await start('list');
  const before = statSync(built).mtimeMs;
  await start('list');
  expect(statSync(built).mtimeMs).toBe(before);
  writeSource('harness/greeting.ts', ["export const greeting = 'good evening';"]);
  expect((await start('list')).stdout).toBe('good evening list\n');
});

/** The JavaScript in dist/ whose text has a word in it. */
function builtWith(word: string): string[] {
  const dist = join(clone, 'dist');
  return readdirSync(dist, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.js'))
    .filter((path) => readFileSync(join(dist, path), 'utf8').includes(word));
}

/** The greeting is loaded when the command is called, from a file of its own. */
function greetLate(): void {
  writeSource('harness/cli/main.ts', [
    'export async function main(): Promise<number> {',
    "  const { greeting } = await import('../greeting.js');",
    '  console.log(greeting);',
    '  return 3;',
    '}',
  ]);
}

test('a command that is just starting finds its files, whatever is built meanwhile', async () => {
  greetLate();
  await start('list');
  const [before = ''] = builtWith('hello');
  expect(before).toMatch(/^chunks\/greeting-\w+\.js$/);
  writeSource('harness/greeting.ts', ["export const greeting = 'good evening';"]);
  expect((await start('list')).stdout).toBe('good evening\n');
  expect(builtWith('hello')).toEqual([before]);
});

test('what has no source any more is gone: at the next build but one, and from a package', async () => {
  greetLate();
  await start('list');
  writeSource('harness/greeting.ts', ["export const greeting = 'good evening';"]);
  await start('list');
  expect(builtWith('hello')).toHaveLength(1);
  expect((await start('--build')).exitCode).toBe(0);
  expect(builtWith('hello')).toEqual([]);
  expect(builtWith('good evening')).toHaveLength(1);
  for (const text of ['good night', 'good morning']) {
    writeSource('harness/greeting.ts', [`export const greeting: string = '${text}';`]);
    await start('list');
  }
  expect(builtWith('good evening')).toEqual([]);
  expect(builtWith('good night')).toHaveLength(1);
  expect(builtWith('good morning')).toHaveLength(1);
});

test('another version of a package is another build', async () => {
  await start('list');
  const built = join(clone, 'dist/harness/cli/main.js');
  const before = statSync(built).mtimeMs;
  const modules = join(clone, 'node_modules');
  rmSync(modules);
  mkdirSync(modules);
  for (const name of readdirSync(join(packageRoot(), 'node_modules'))) {
    if (name !== '.package-lock.json') {
      symlinkSync(join(packageRoot(), 'node_modules', name), join(modules, name));
    }
  }
  const record = readFileSync(join(packageRoot(), 'node_modules/.package-lock.json'), 'utf8');
  writeFileSync(join(modules, '.package-lock.json'), record);
  expect((await start('list')).stdout).toBe('hello list\n');
  expect(statSync(built).mtimeMs).toBeGreaterThan(before);
});

test('a source that is no TypeScript is named with its line', async () => {
  writeSource('harness/greeting.ts', ['// A comment.', 'export const = 1;']);
  const { exitCode, stderr } = await start('list');
  expect(exitCode).toBe(70);
  expect(stderr).toContain('The sources could not be built.\nharness/greeting.ts:2:13: ');
  expect(readdirSync(join(clone, '.cache'))).toEqual([]);
});

test('four at once in a bare clone', async () => {
  const ends = await Promise.all(['a', 'b', 'c', 'd'].map((name) => start(name)));
  expect(ends.map(({ stdout }) => stdout)).toEqual(['a', 'b', 'c', 'd'].map((n) => `hello ${n}\n`));
  expect(readdirSync(join(clone, '.cache'))).toEqual([]);
});

test('the lock and the rest of a set-up that was killed count for nothing', async () => {
  const gone = await end('sh', ['-c', 'echo $$']);
  mkdirSync(join(clone, '.cache/build-killed'), { recursive: true });
  writeFileSync(join(clone, '.cache/setup.lock'), gone.stdout.trim());
  expect((await start('list')).stdout).toBe('hello list\n');
  expect(readdirSync(join(clone, '.cache'))).toEqual([]);
});

test('an error that nobody foresaw is not a failed verdict', async () => {
  writeSource('harness/greeting.ts', [
    "throw new Error('unforeseen');",
    'export const greeting = 1;',
  ]);
  const { exitCode, stderr } = await start('list');
  expect(exitCode).toBe(70);
  expect(stderr).toContain('Error: unforeseen');
});

test('installed as a package: no build, and dist as it came', async () => {
  await start('list');
  rmSync(join(clone, 'tsconfig.json'));
  rmSync(join(clone, 'harness/greeting.ts'));
  expect((await start('list')).stdout).toBe('hello list\n');
  expect(builtWith('hello')).toEqual(['harness/cli/main.js']);
});

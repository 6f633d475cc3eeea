/** Machines for a farm, modelled as network namespaces with an ssh server each. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../harness/package-root.js';
import { program } from './program.js';

export interface Ended {
  status: number | null;
  stdout: string;
  stderr: string;
}

export class FarMachines {
  /** Holds keys, caches and logs of all machines. */
  readonly folder = mkdtempSync(join(tmpdir(), 'fl-machines-'));
  readonly #child: ChildProcess;

  private constructor(count: number) {
    const script = join(packageRoot(), 'test/fixtures/farm/machines.sh');
    const namespaces = ['--net', '--mount', '--pid', '--fork', '--mount-proc'];
    const words = [...namespaces, '--kill-child=KILL', 'sh', script, this.folder, `${count}`];
    this.#child = spawn('unshare', words, { stdio: ['pipe', 'pipe', 'inherit'] });
  }

  /** Machines lab1, lab2, ...; resolves when their ssh servers were started. */
  static async start(count: number): Promise<FarMachines> {
    const machines = new FarMachines(count);
    await new Promise<void>((resolve, reject) => {
      machines.#child.stdout?.on('data', (text) => {
        if (`${text}`.includes('ready')) resolve();
      });
      machines.#child.on('close', (code) => reject(new Error(`machines.sh ended with ${code}`)));
    });
    return machines;
  }

  get sshConfig(): string {
    return join(this.folder, 'ssh_config');
  }

  /** Words that run a command in the namespaces of all machines, in the network of `where`. */
  words(where: 'all' | 'm0', argv: readonly string[]): string[] {
    const inner = childOf(this.#child.pid);
    const net = where === 'm0' ? ['ip', 'netns', 'exec', 'm0'] : [];
    return [
      'nsenter',
      '-t',
      `${inner}`,
      '-n',
      '-m',
      '-p',
      `-w${process.cwd()}`,
      '--',
      ...net,
      ...argv,
    ];
  }

  /** Run a shell's command beside the machines, such as one that breaks one of them. */
  shell(script: string): void {
    const [command = '', ...args] = this.words('all', ['sh', '-c', script]);
    const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${script}: ${stderr}`);
  }

  /** Run a shell's command on a machine, with its own mounts. */
  inside(name: string, script: string): void {
    const server = `$(pgrep -P $(cat ${join(this.folder, name, 'machine.pid')}))`;
    this.shell(`nsenter -t ${server} -m sh -c '${script}'`);
  }

  /** As a machine whose power is cut. */
  kill(name: string): void {
    this.shell(`kill -9 $(cat ${join(this.folder, name, 'machine.pid')})`);
  }

  /** As a machine whose cable is pulled. */
  cutOff(name: string): void {
    this.shell(`ip link set ${name}-o down`);
  }

  /** The command, where the campaign is. `onText` is called with what it prints on standard error. */
  failoverLab(
    argv: readonly string[],
    { onText = (_: string) => {}, env = {} as NodeJS.ProcessEnv } = {},
  ): { ended: Promise<Ended>; interrupt(): void } {
    const [command = '', ...args] = this.words('m0', [process.execPath, program, ...argv]);
    const child = spawn(command, args, { env: { ...process.env, ...env } });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (text) => {
      stdout += text;
    });
    child.stderr.on('data', (text) => {
      stderr += text;
      onText(stderr);
    });
    const ended = new Promise<Ended>((resolve) => {
      child.on('close', (status) => resolve({ status, stdout, stderr }));
    });
    // nsenter waits for the command, and forwards no signal to it.
    return { ended, interrupt: () => process.kill(childOf(child.pid), 'SIGINT') };
  }

  end(): void {
    this.#child.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The only child of a process. */
function childOf(pid: number | undefined): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0]);
}

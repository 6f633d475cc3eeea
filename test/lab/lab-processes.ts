/** Looks into a running lab from outside its sandbox, by its mark in the process table. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** The history of the only run below a folder; undefined before there is one. */
export function historyBelow(folder: string): string | undefined {
  const found = execFileSync('find', [folder, '-name', 'history.ndjson'], { encoding: 'utf8' });
  return found.split('\n').find(Boolean);
}

/** Process ids of the lab that writes below `folder` whose command line matches. */
export function pidsOf(folder: string, pattern: RegExp): number[] {
  const runId = /"runId":"([^"]+)"/.exec(readFileSync(historyBelow(folder) ?? '', 'utf8'))?.[1];
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .filter((pid) => readOr(`/proc/${pid}/environ`).includes(`FAILOVER_LAB_RUN=${runId}`))
    .filter((pid) => pattern.test(readOr(`/proc/${pid}/cmdline`).replaceAll('\0', ' ')))
    .map(Number);
}

/** What a program printed and how it ended; a null status is a time-out. */
export interface Ended {
  status: number | null;
  stdout: string;
}

/** Run a program in a node's network namespace, from outside the sandbox. */
export function runInside(folder: string, node: string, argv: string[]): Ended {
  return runBeside(folder, new RegExp(`mininet:${node} *$`), argv);
}

/** Run a program in the namespace that the lab's fabric lies in, from outside the sandbox. */
export function runInsideRoot(folder: string, argv: string[]): Ended {
  return runBeside(folder, /harness\/lab\/main/, argv);
}

function runBeside(folder: string, process: RegExp, argv: string[]): Ended {
  const [pid] = pidsOf(folder, process);
  if (pid === undefined) throw new Error(`no process of the lab matches ${process}`);
  const words = ['-t', String(pid), '-n', '-m', '-p', '--', ...argv];
  const { status, stdout, stderr } = spawnSync('nsenter', words, {
    encoding: 'utf8',
    timeout: 20_000,
  });
  return { status, stdout: stdout + stderr };
}

export function readOr(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** A process that waits in a node's network namespace, so that the namespace has a name: its pid. */
import { LabError } from '../../errors.js';
import { settlesWithin, startIn } from './child.js';
import type { TrafficContext } from './context.js';

export interface NamespaceHolder {
  pid: number;
  close(): Promise<void>;
}

const readyTimeoutMs = 5_000;

/** Enter the namespace of `node` and stay there until closed. Throws TRAFFIC_FAILED. */
export async function holdNamespace(
  context: Pick<TrafficContext, 'enter'>,
  node: string,
): Promise<NamespaceHolder> {
  const argv = ['sh', '-c', 'echo entered; read _'];
  const child = startIn(context, node, argv, { stdio: ['pipe', 'pipe', 'ignore'] });
  child.stdin?.on('error', () => {
    // It is gone already.
  });
  const entered = new Promise<boolean>((resolve) => {
    child.stdout?.once('data', () => resolve(true));
    child.once('exit', () => resolve(false));
    child.once('error', () => resolve(false));
  });
  const inTime = await settlesWithin(entered, readyTimeoutMs);
  if (!inTime || !(await entered) || child.pid === undefined) {
    child.kill('SIGKILL');
    throw new LabError('TRAFFIC_FAILED', `Could not enter the network namespace of ${node}.`, {
      details: { argv: context.enter(node) },
    });
  }
  return {
    pid: child.pid,
    close: async () => {
      child.stdin?.end();
      if (!(await settlesWithin(child, 500))) child.kill('SIGKILL');
    },
  };
}

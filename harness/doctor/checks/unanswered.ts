import type { Finding } from '../finding.js';
import type { Machine } from '../machine.js';

/** A program that is there but does not answer is another trouble than a missing one. */
export async function unanswered(
  machine: Machine,
  id: string,
  argv: readonly string[],
): Promise<Finding | null> {
  const { outcome } = await machine.run(argv);
  if (outcome !== 'timed out') return null;
  const program = argv[0] ?? '';
  return {
    id,
    ok: 'no',
    sentence: `${program} is installed, but did not answer within 3 s.`,
    remedy: `Check its state (D means that it waits for the kernel): ps -o pid,stat,wchan,args -C ${program.split('/').at(-1)}`,
  };
}

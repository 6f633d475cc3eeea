/** Processes that do nothing but use a processor. They end with this process, however it ends. */
import { execa } from 'execa';
import { dyingWithUs } from './meter/network.js';

/** Starts `count` of them; the function that is returned ends them. */
export function startHogs(count: number): () => void {
  const [program, ...words] = dyingWithUs;
  const hogs = Array.from({ length: count }, () =>
    execa(program, [...words, 'sh', '-c', 'while :; do :; done'], { reject: false }),
  );
  return () => {
    for (const hog of hogs) hog.kill('SIGKILL');
  };
}

/** The machines of `--on`. Pure. */
import { LabError } from '../../../errors.js';

export interface FarMachine {
  /** As it was written, without the number of trials: `root@lab1`, or `localhost`. */
  name: string;
  /** Trials at a time; null: as many as for the others. */
  slots: number | null;
}

/** This machine itself, which is reached without ssh. */
export const thisMachine = 'localhost';

/** ssh would take a leading dash for an option, and parallel a slash or a comma for its own. */
const written = /^(?:(\d{1,2})\/)?((?:[A-Za-z0-9._-]+@)?[A-Za-z0-9][A-Za-z0-9._:-]*)$/;

/** `root@lab1,2/root@lab2,localhost`. Throws WRONG_USE. */
export function parseMachines(text: string): FarMachine[] {
  const machines = text.split(',').map((word): FarMachine => {
    const [, slots, name] = written.exec(word.trim()) ?? [];
    if (name === undefined || slots === '0') {
      throw new LabError('WRONG_USE', `--on has ${JSON.stringify(word)}, which is not a machine.`, {
        hint: 'Separate machines with commas: root@lab1,root@lab2,localhost. 2/root@lab1 executes two trials at a time.',
      });
    }
    return { name, slots: slots === undefined ? null : Number(slots) };
  });
  const names = machines.map(({ name }) => name);
  const twice = names.find((name, place) => names.indexOf(name) !== place);
  if (twice === undefined) return machines;
  throw new LabError('WRONG_USE', `--on names ${twice} more than once.`, {
    hint: `Name it once; 2/${twice} executes two trials at a time there.`,
  });
}

/** What a round of the soak shows that must not be. */
import type { SoakReading } from './round.js';

/** A line for each rule that the round broke, and then whom it had killed; none when all held. */
export function troubleOf(reading: SoakReading): string[] {
  const { leftovers, foreignChange, unreadable, wrongPass, victimCommand } = reading;
  const broken = [
    ...(leftovers.length > 0 ? [`LEFT: ${leftovers.join('; ')}`] : []),
    ...(foreignChange === null ? [] : [`FOREIGN CHANGE: ${foreignChange}`]),
    ...(unreadable === null ? [] : [`UNREADABLE: ${unreadable}`]),
    ...(wrongPass ? ['WRONG PASS'] : []),
  ];
  return broken.length === 0 ? [] : [...broken, `killed: ${victimCommand ?? 'nothing'}`];
}

/** Python scripts that build their own `Mininet(…)`, such as MiniEdit's: run with nothing built. */
import { ImportNotes } from '../../model/import-note.js';
import { printable } from '../../model/units.js';
import type { ImportFormat } from './imported.js';
import { statedOfScript } from './script-network.js';
import { recordScript } from './script-recording.js';
import { networkOfStated } from './stated-network.js';

export const mininetScript: ImportFormat = {
  name: 'Mininet script',
  endings: ['.py'],
  isMap: false,
  async read(file) {
    const recorded = await recordScript(file);
    const notes = new ImportNotes();
    if (recorded.ended) {
      const { line, error } = recorded.ended;
      notes.add(
        'script-ended',
        line === null ? 'the script' : `line ${line}`,
        printable(error, 200),
      );
    }
    for (const name of recorded.topos.slice(1)) notes.add('other-topologies', name);
    if (recorded.networks > 1) notes.add('other-networks', `${recorded.networks} networks`);
    for (const program of recorded.programs) notes.add('program-not-run', printable(program, 80));
    for (const card of recorded.cards)
      notes.add('network-card', `${card.interface} at ${card.node}`);
    return networkOfStated(statedOfScript(recorded, file.path, mininetScript.name, notes), notes);
  },
};

/** A bond is ready when every member is usable, the waiting ones too. */
import { bondState } from '../bond-state.js';
import type { Lab } from '../lab.js';
import type { Condition } from './ready.js';

export function bondsUp(lab: Lab): Condition {
  const bonds = lab.topology.bonds ?? [];
  return {
    name: 'every member of every bond usable',
    everyMs: 100,
    async check() {
      const states = await Promise.all(
        bonds.map(async ({ id, node }) => ({ bond: id, ...(await bondState(lab.bridge, node)) })),
      );
      const down = states.flatMap(({ members }) =>
        members.filter(({ usable }) => !usable).map(({ link }) => link),
      );
      const data = { bonds: states.map(({ bond, by }) => ({ bond, by })), down };
      return { ok: down.length === 0, detail: { code: 'bonds-usable', data } };
    },
  };
}

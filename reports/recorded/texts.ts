/** The sentence of what a lab recorded: its own where it was recorded as one. */
import type { FactOf, Recorded, SeveralOf } from '../../harness/model/recorded/fact.js';

type Shapes = Parameters<typeof import('../../harness/model/recorded/fact.js').recordedSchema>[0];

/** A sentence without a full stop for each code of a table. */
export type Texts<S extends Shapes> = {
  [F in FactOf<S> as F['code']]: (data: F['data']) => string;
};

/** Makes sentences by a table; of several facts one sentence, its parts joined. */
export function textBy<S extends Shapes>(texts: Texts<S>): (recorded: Recorded<S>) => string {
  const textOf = (recorded: string | FactOf<S>): string => {
    if (typeof recorded === 'string') return recorded;
    const text = texts[recorded.code as keyof Texts<S>] as (data: unknown) => string;
    return text(recorded.data);
  };
  return (recorded) => partsOf(recorded).map(textOf).join('; ');
}

function partsOf<S extends Shapes>(recorded: Recorded<S>): Array<string | FactOf<S>> {
  if (typeof recorded === 'string' || recorded.code !== 'several') {
    return [recorded as string | FactOf<S>];
  }
  return (recorded as SeveralOf<S>).data.parts;
}

/** `text (refused)`; the text alone where nothing refused. */
export function withRefusal(text: string, refused: string | null): string {
  return refused === null ? text : `${text} (${refused})`;
}

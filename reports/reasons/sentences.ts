/** The type of the tables in this folder: whoever adds a code has to write its sentence. */
import type { ReasonCode, ReasonData } from '../../harness/model/reason.js';

/** A sentence, without a full stop, for each of some codes. */
export type Sentences<C extends ReasonCode> = { [K in C]: (data: ReasonData<K>) => string };

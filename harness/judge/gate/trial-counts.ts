/** How many trials a gate runs when no number is given. */

/** In virtual time: fewer pairs could all have moved the same way because another number was drawn in one place. */
export const minimumSeeds = 5;
/** A baseline of this many planned trials leaves a gate of ten its second ten. */
export const baselineTrials = 20;
/** The same in virtual time, where five trials decide. */
export const virtualBaselineTrials = 2 * minimumSeeds;

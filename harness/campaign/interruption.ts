/** What ends a campaign from outside. */
export interface Interruption {
  /** Heal, tear down, keep what was recorded. */
  interrupted: AbortSignal;
  /** No more patience: at once. */
  killed: AbortSignal;
}

/** A part with the place it was written at. */
export interface Placed<Part> {
  part: Part;
  /** Place in the scenario, such as `topology[3]`. */
  path: string;
}

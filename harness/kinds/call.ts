/**
 * What a scenario file calls to write one of a kind: not the name of its function `write`, which the
 * package shortens.
 */
export function callOf({ documented }: { documented: { example: string } }): string {
  return documented.example.slice(0, documented.example.indexOf('('));
}

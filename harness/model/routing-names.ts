/** Names of routing that `--routing` takes; harness/kinds/routing/presets.ts has what they stand for. */
export const routingNames = [
  'ospf',
  'ospf-tuned',
  'ospf-bfd',
  'bgp',
  'bgp-bfd',
  'isis',
  'isis-bfd',
  'bird-ospf',
  'bird-ospf-bfd',
  'bird-bgp',
  'bird-bgp-bfd',
] as const;

export type RoutingName = (typeof routingNames)[number];

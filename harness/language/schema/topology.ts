/** Shapes of topology parts: units turned into numbers, unknown keys refused. */
import * as z from 'zod';
import { callOf } from '../../kinds/call.js';
import { nodeDescriptors, nodeSchemas } from '../../kinds/generated/node-descriptors.js';
import { mininetDescription } from '../../model/mininet-description.js';
import { bondSchema } from './bond.js';
import {
  bitrate,
  bytes,
  duration,
  gotOther,
  percent,
  strict,
  text,
  whole,
  word,
} from './fields.js';
import type { FromMininet } from './from-mininet.js';
import { vlan } from './vlan.js';

const nodeCalls = nodeDescriptors.map((kind) => `${callOf(kind)}(…)`);

/** What a link can have, written here or in a Mininet file. */
export const wireBounds = {
  bandwidthBps: { min: 1000, max: 1e9 },
  delayMs: { max: 60_000 },
  queuePackets: { min: 1, max: 1e6 },
} as const;

const wire = {
  bandwidth: bitrate(wireBounds.bandwidthBps).optional(),
  delay: duration(wireBounds.delayMs).optional(),
  jitter: duration(wireBounds.delayMs).optional(),
  loss: percent().optional(),
};

const mtu = bytes({ min: 576, max: 9000 }).optional();
const linkOptions = {
  ...wire,
  id: text.optional(),
  queue: whole('queue', wireBounds.queuePackets.min, wireBounds.queuePackets.max).optional(),
  mtu,
};

const cable = strict('a cable', { ...linkOptions, kind: z.literal('cable') });

function tunnel<Kind extends 'gre' | 'vxlan' | 'geneve'>(kind: Kind, largestKey: number) {
  return strict(`a ${kind} tunnel`, {
    ...wire,
    kind: z.literal(kind),
    a: text,
    b: text,
    id: text.optional(),
    key: whole('key', 0, largestKey).optional(),
    over: z
      .union([z.literal('fabric'), cable], { error: "must be 'fabric' or cable({…})" })
      .optional(),
    cost: duration({ max: 60_000 }).optional(),
  });
}

const partSchemas = {
  link: strict('a link', {
    ...linkOptions,
    kind: z.literal('link'),
    a: text,
    b: text,
    carrier: word(['seen', 'hidden']).optional(),
    metric: whole('metric', 1, 65_535).optional(),
    vlan: vlan.optional(),
  }),
  bond: bondSchema(linkOptions),
  gre: tunnel('gre', 0xffffffff),
  vxlan: tunnel('vxlan', 0xffffff),
  geneve: tunnel('geneve', 0xffffff),
  fabric: strict('the fabric', { kind: z.literal('fabric'), subnet: text.optional(), mtu }),
  bfd: strict('bfd', {
    kind: z.literal('bfd'),
    interval: duration({ min: 1, max: 10_000 }),
    multiplier: whole('multiplier', 1, 255),
  }),
  mininet: strict('a Mininet topology', {
    kind: z.literal('mininet'),
    file: text,
    topology: text,
    arguments: z.array(z.unknown()),
    /** Added when the scenario file is loaded. */
    description: mininetDescription.optional(),
  }),
} as const;

/** The schema of one topology part, by its kind. */
export const partSchema = z.discriminatedUnion(
  'kind',
  [
    ...nodeSchemas,
    partSchemas.link,
    partSchemas.bond,
    partSchemas.gre,
    partSchemas.vxlan,
    partSchemas.geneve,
    partSchemas.fabric,
    partSchemas.bfd,
    partSchemas.mininet,
  ],
  {
    error: ({ input }) =>
      `is not a part of a topology; write ${nodeCalls.join(', ')}, link(…), bond(…), gre(…), ` +
      `vxlan(…), geneve(…), fabric(…), bfd(…) or mininetTopology(…)${gotOther(input)}`,
  },
);

/** A part with its units turned into numbers. */
export type ReadPart = z.output<typeof partSchema> & FromMininet;
export type PartOf<Kind extends ReadPart['kind']> = Extract<ReadPart, { kind: Kind }>;

/** Shapes of topology parts: units turned into numbers, unknown keys refused. */
import { z } from 'zod';
import { mininetDescription } from '../../model/mininet-description.js';
import { bitrate, bytes, duration, percent, strict, text, whole, word } from './fields.js';

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

const switchOptions = {
  name: text,
  dpid: text.optional(),
  spanningTree: word(['none', 'stp', 'rstp']).optional(),
  failMode: word(['secure', 'standalone']).optional(),
};

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
  host: strict('a host', {
    kind: z.literal('host'),
    name: text,
    address: text.optional(),
    mac: text.optional(),
    on: text.optional(),
  }),
  switch: strict('a switch', { ...switchOptions, kind: z.literal('switch') }),
  relay: strict('a relay', {
    ...switchOptions,
    kind: z.literal('relay'),
    underlayAddress: text.optional(),
  }),
  link: strict('a link', { ...linkOptions, kind: z.literal('link'), a: text, b: text }),
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

export type PartKind = keyof typeof partSchemas;

/** The schema of one topology part, by its kind. */
export const partSchema = z.discriminatedUnion(
  'kind',
  [
    partSchemas.host,
    partSchemas.switch,
    partSchemas.relay,
    partSchemas.link,
    partSchemas.gre,
    partSchemas.vxlan,
    partSchemas.geneve,
    partSchemas.fabric,
    partSchemas.bfd,
    partSchemas.mininet,
  ],
  {
    error: () =>
      'is not a part of a topology; write host(…), relay(…), ovsSwitch(…), link(…), gre(…), ' +
      'vxlan(…), geneve(…), fabric(…), bfd(…) or mininetTopology(…)',
  },
);

/** What Mininet decided about a part of one of its topologies; nobody can write it. */
interface FromMininet {
  fromMininet?: boolean;
  ports?: readonly [string, string];
  /** Port numbers of a link's two ends. */
  numbers?: readonly [number, number];
  /** The host's address is Mininet's choice. */
  automaticAddress?: boolean;
  defaultRoute?: string;
  /** A datapath id that Open vSwitch cannot have, `''` where Mininet finds none. */
  unusableDpid?: string;
  /** `stp=True`; what becomes of it depends on the fail mode and on the scenario's controller. */
  stpStated?: boolean;
  /** OpenFlow versions, `OpenFlow13`. */
  protocols?: readonly string[];
  /** A bridge that switches by itself beside any controller. */
  withoutController?: boolean;
}

/** A part with its units turned into numbers. */
export type ReadPart = z.output<typeof partSchema> & FromMininet;
export type PartOf<Kind extends PartKind> = Extract<ReadPart, { kind: Kind }>;

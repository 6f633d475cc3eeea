/**
 * An independent judge of forwarding tables: it knows nothing of the planner and follows packets
 * hop by hop through what the switches hold, over the links that are really there.
 */

export interface Link {
  a: string;
  aPort: number;
  b: string;
  bPort: number;
  costUs: number;
}

export interface Host {
  mac: string;
  switch: string;
  port: number;
}

export interface Bucket {
  port: number;
  rewrite: string | null;
  bounce: boolean;
}

export interface Rule {
  kind: 'deliver' | 'forward' | 'group';
  buckets: Bucket[];
}

/** Switch → destination address → rule. */
export type Tables = Map<string, Map<string, Rule>>;

export type Fate =
  | { kind: 'delivered'; hops: Link[] }
  | { kind: 'dropped'; at: string }
  | { kind: 'loop'; path: string[] };

/** What is behind each port. */
export class Wiring {
  readonly #ports = new Map<string, { link: Link; far: string; farPort: number }>();

  constructor(links: readonly Link[]) {
    for (const link of links) {
      this.#ports.set(`${link.a}:${link.aPort}`, { link, far: link.b, farPort: link.bPort });
      this.#ports.set(`${link.b}:${link.bPort}`, { link, far: link.a, farPort: link.aPort });
    }
  }

  behind(node: string, port: number) {
    return this.#ports.get(`${node}:${port}`);
  }
}

/** Follows a packet for `host` that a host port of `source` lets in. */
export function follow(
  tables: Tables,
  wiring: Wiring,
  dead: ReadonlySet<Link>,
  source: string,
  host: Host,
): Fate {
  let node = source;
  let ingress = -1;
  let address = host.mac;
  const hops: Link[] = [];
  const seen = new Set<string>();
  const path: string[] = [];
  for (;;) {
    const state = `${node}:${ingress}:${address}`;
    path.push(state);
    if (seen.has(state)) return { kind: 'loop', path };
    seen.add(state);
    const bucket = liveBucket(tables.get(node)?.get(address), node, wiring, dead);
    if (bucket === undefined) return { kind: 'dropped', at: node };
    // OpenFlow does not send a packet back by its ingress port unless the rule allows it.
    if (bucket.port === ingress && !bucket.bounce) return { kind: 'dropped', at: node };
    address = bucket.rewrite ?? address;
    const next = wiring.behind(node, bucket.port);
    if (next === undefined) {
      const arrived = node === host.switch && bucket.port === host.port && address === host.mac;
      return arrived ? { kind: 'delivered', hops } : { kind: 'dropped', at: node };
    }
    if (dead.has(next.link)) return { kind: 'dropped', at: node };
    hops.push(next.link);
    node = next.far;
    ingress = next.farPort;
  }
}

/** A group sends by its first bucket whose port is live; any other rule by its only bucket. */
function liveBucket(
  rule: Rule | undefined,
  node: string,
  wiring: Wiring,
  dead: ReadonlySet<Link>,
): Bucket | undefined {
  if (rule?.kind !== 'group') return rule?.buckets[0];
  return rule.buckets.find((bucket) => {
    const next = wiring.behind(node, bucket.port);
    return next !== undefined && !dead.has(next.link);
  });
}

/** Microseconds of delay, and one a hop: what the controller minimises. */
export function priceOf(hops: readonly Link[]): number {
  return hops.reduce((sum, link) => sum + link.costUs + 1, 0);
}

/** The least price from every switch to `target` over the links that live (Dijkstra, linear scan). */
export function leastPrices(
  links: readonly Link[],
  dead: ReadonlySet<Link>,
  target: string,
): Map<string, number> {
  const settled = new Map<string, number>();
  const open = new Map([[target, 0]]);
  while (open.size > 0) {
    const [node, price] = [...open].reduce((best, entry) => (entry[1] < best[1] ? entry : best));
    open.delete(node);
    settled.set(node, price);
    for (const link of links) {
      if (dead.has(link) || (link.a !== node && link.b !== node)) continue;
      const far = link.a === node ? link.b : link.a;
      const through = price + link.costUs + 1;
      if (!settled.has(far) && through < (open.get(far) ?? Number.POSITIVE_INFINITY)) {
        open.set(far, through);
      }
    }
  }
  return settled;
}

/** What a configuration file of FRR states, as far as the options of a router have it. Pure. */

export interface FrrInterface {
  /** CIDR. */
  addresses: string[];
  cost?: number;
}

export interface FrrStatement {
  interfaces: Map<string, FrrInterface>;
  routerId?: string;
  /** Of the first interface that states each; whole seconds. */
  ospf?: {
    hello?: number;
    dead?: number;
    retransmit?: number;
    spf?: { delay: number; hold: number; max: number };
    network?: 'point-to-point' | 'broadcast';
  };
  bgp?: {
    as: number;
    keepalive?: number;
    hold?: number;
    connectRetry?: number;
    advertise?: number;
  };
  isis?: { hello?: number; multiplier?: number };
  bfd?: { interval: number; multiplier: number };
  paths?: number;
  static: Array<{ prefix: string; via: string }>;
  /** Lines of which nothing is taken, in their order. */
  left: string[];
}

type Section = 'top' | 'interface' | 'ospf' | 'bgp' | 'isis' | 'bfd' | 'other';

const number = '(\\d{1,10})';
const address = '(\\d{1,3}(?:\\.\\d{1,3}){3})';
const cidr = '(\\d{1,3}(?:\\.\\d{1,3}){3}/\\d{1,2})';

/** Lines that say nothing about the network, or what a lab does in any case. */
const idle = [
  /^(frr (version|defaults)|hostname|log |service |no ipv6 forwarding|password|enable password|debug )/,
  /^(line vty|end|exit|exit-address-family|exit-vrf|!|#|agentx)/,
  /^(ip forwarding|no shutdown|description |bgp log-neighbor-changes|log-adjacency-changes)/,
  /^(no bgp ebgp-requires-policy|no bgp network import-check|no bgp default ipv4-unicast)/,
  // All links of a router and its loopback are announced, and every neighbour is spoken to.
  /^(network \S+( area (0|0\.0\.0\.0))?|redistribute connected|neighbor \S+ activate)$/,
  /^(ip ospf area (0|0\.0\.0\.0)|ip router isis \S+|address-family ipv4 unicast)$/,
  /^(ip ospf passive|passive-interface \S+|isis passive|isis circuit-type level-2-only)$/,
  /^(neighbor \S+ remote-as \S+|net \S+|is-type level-2-only|metric-style wide)$/,
  /^(bgp bestpath as-path multipath-relax|isis network point-to-point)$/,
];

class FrrReader {
  readonly statement: FrrStatement = { interfaces: new Map(), static: [], left: [] };
  #section: Section = 'top';
  #interface: FrrInterface = { addresses: [] };
  #bfd: { interval?: number; multiplier?: number } = {};
  #bfdUsed = false;

  line(text: string): void {
    const line = text.trim().replace(/\s+/g, ' ');
    if (line === '' || this.#begins(line)) return;
    const taken = this.#anywhere(line) || this.#within(line);
    if (!taken && !idle.some((pattern) => pattern.test(line))) this.statement.left.push(line);
    if (/^(end|exit)$/.test(line)) this.#section = 'top';
  }

  /** A section begins; what a later line belongs to. */
  #begins(line: string): boolean {
    const { statement } = this;
    const [, name] = /^interface (\S+)$/.exec(line) ?? [];
    const [, as] = new RegExp(`^router bgp ${number}$`).exec(line) ?? [];
    if (name !== undefined) {
      this.#interface = statement.interfaces.get(name) ?? { addresses: [] };
      statement.interfaces.set(name, this.#interface);
      this.#section = 'interface';
    } else if (as !== undefined) {
      statement.bgp = { ...statement.bgp, as: Number(as) };
      this.#section = 'bgp';
    } else if (line === 'router ospf') {
      statement.ospf ??= {};
      this.#section = 'ospf';
    } else if (/^router isis \S+$/.test(line)) {
      statement.isis ??= {};
      this.#section = 'isis';
    } else if (line === 'bfd') {
      this.#section = 'bfd';
    } else if (/^(router |route-map |vrf |key chain )/.test(line)) {
      this.#section = 'other';
      return false;
    } else return false;
    return true;
  }

  /** Lines that mean the same wherever they stand. */
  #anywhere(line: string): boolean {
    const { statement } = this;
    const [, prefix, via] = new RegExp(`^ip route ${cidr} ${address}$`).exec(line) ?? [];
    if (prefix !== undefined && via !== undefined) {
      statement.static.push({ prefix, via });
      return true;
    }
    const [, id] = new RegExp(`^(?:ip |bgp |ospf )?router-id ${address}$`).exec(line) ?? [];
    if (id !== undefined) {
      statement.routerId = id;
      return true;
    }
    const [, paths] = new RegExp(`^maximum-paths ${number}$`).exec(line) ?? [];
    if (paths !== undefined) {
      statement.paths = Number(paths);
      return true;
    }
    if (!/(^| )bfd( profile \S+)?$/.test(line)) return false;
    this.#bfdUsed = true;
    return true;
  }

  #within(line: string): boolean {
    switch (this.#section) {
      case 'interface':
        return this.#inInterface(line);
      case 'ospf':
        return this.#inOspf(line);
      case 'bgp':
        return this.#inBgp(line);
      case 'bfd':
        return this.#inBfd(line);
      default:
        return false;
    }
  }

  #inInterface(line: string): boolean {
    const { statement } = this;
    const [, given] = new RegExp(`^ip address ${cidr}$`).exec(line) ?? [];
    if (given !== undefined) {
      this.#interface.addresses.push(given);
      return true;
    }
    const [, key = '', value = ''] =
      new RegExp(`^(?:ip ospf|isis) (\\S+) ${number}$`).exec(line) ?? [];
    if (line.startsWith('isis ')) {
      statement.isis ??= {};
      if (key === 'hello-interval') statement.isis.hello ??= Number(value);
      else if (key === 'hello-multiplier') statement.isis.multiplier ??= Number(value);
      else if (key === 'metric') this.#interface.cost = Number(value);
      else return false;
      return true;
    }
    if (!line.startsWith('ip ospf ')) return false;
    statement.ospf ??= {};
    const [, network] = /^ip ospf network (point-to-point|broadcast)$/.exec(line) ?? [];
    if (network !== undefined) statement.ospf.network ??= network as 'broadcast';
    else if (key === 'hello-interval') statement.ospf.hello ??= Number(value);
    else if (key === 'dead-interval') statement.ospf.dead ??= Number(value);
    else if (key === 'retransmit-interval') statement.ospf.retransmit ??= Number(value);
    else if (key === 'cost') this.#interface.cost = Number(value);
    else return false;
    return true;
  }

  #inOspf(line: string): boolean {
    const pattern = new RegExp(`^timers throttle spf ${number} ${number} ${number}$`);
    const [, delay, hold, max] = (pattern.exec(line) ?? []).map(Number);
    if (delay === undefined || hold === undefined || max === undefined) return false;
    this.statement.ospf = { ...this.statement.ospf, spf: { delay, hold, max } };
    return true;
  }

  #inBgp(line: string): boolean {
    const { bgp } = this.statement;
    if (bgp === undefined) return false;
    const pattern = `^(?:timers bgp|neighbor \\S+ timers) ${number} ${number}$`;
    const [, keepalive, hold] = new RegExp(pattern).exec(line) ?? [];
    const [, connect] = new RegExp(`^neighbor \\S+ timers connect ${number}$`).exec(line) ?? [];
    const [, mrai] =
      new RegExp(`^neighbor \\S+ advertisement-interval ${number}$`).exec(line) ?? [];
    if (keepalive !== undefined) {
      bgp.keepalive ??= Number(keepalive);
      bgp.hold ??= Number(hold);
    } else if (connect !== undefined) bgp.connectRetry ??= Number(connect);
    else if (mrai !== undefined) bgp.advertise ??= Number(mrai);
    else return false;
    return true;
  }

  /** Of several profiles or peers the first one that states a value counts. */
  #inBfd(line: string): boolean {
    const [, key = '', value = ''] = new RegExp(`^(\\S+) ${number}$`).exec(line) ?? [];
    if (key === 'detect-multiplier') this.#bfd.multiplier ??= Number(value);
    else if (key === 'transmit-interval' || key === 'receive-interval') {
      this.#bfd.interval = Math.max(this.#bfd.interval ?? 0, Number(value));
    } else return /^(profile|peer) \S+( .*)?$/.test(line);
    return true;
  }

  end(): FrrStatement {
    if (this.#bfdUsed) {
      // FRR's own 300 ms × 3.
      const { interval = 300, multiplier = 3 } = this.#bfd;
      this.statement.bfd = { interval, multiplier };
    }
    return this.statement;
  }
}

export function readFrrFile(text: string): FrrStatement {
  const reader = new FrrReader();
  for (const line of text.split('\n')) reader.line(line);
  return reader.end();
}

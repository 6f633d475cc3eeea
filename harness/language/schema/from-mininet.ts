/** What Mininet decided about a part of one of its topologies; it cannot be written in a scenario. */
export interface FromMininet {
  fromMininet?: boolean;
  ports?: readonly [string, string];
  /** Port numbers of a link's two ends. */
  numbers?: readonly [number, number];
  /** The host's address is Mininet's choice. */
  automaticAddress?: boolean;
  defaultRoute?: string;
  /** CIDR of a router's interfaces, by their names. */
  portAddresses?: Readonly<Record<string, string>>;
  /** A datapath id that Open vSwitch cannot have, `''` where Mininet finds none. */
  unusableDpid?: string;
  /** `stp=True`; what becomes of it depends on the fail mode and on the scenario's controller. */
  stpStated?: boolean;
  /** OpenFlow versions, `OpenFlow13`. */
  protocols?: readonly string[];
  /** A bridge that switches by itself beside any controller. */
  withoutController?: boolean;
}

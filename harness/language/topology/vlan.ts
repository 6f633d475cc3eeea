/** VLANs of links (IEEE 802.1Q), as they are written. */

/**
 * What of VLANs a link carries, by numbers from 1 to 4094:
 * - `10`: an access port of a plain switch. Frames have no tag on the wire.
 * - `{ trunk: [10, 20], native: 1 }`: between switches, with a tag for each frame but those of `native`.
 * - `{ tagged: 10 }`: to a host that tags by itself; its addresses are on the interface `<host>.10`.
 */
export type Vlan = number | { trunk: readonly number[]; native?: number } | { tagged: number };

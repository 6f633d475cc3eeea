/** Every fault kind the runner can inject. A new kind is one file and one line here. */
import type { FaultKind } from '../scenario/resolved.js';
import { bfdPacketLoss } from './bfd-packet-loss.js';
import { blackhole } from './blackhole.js';
import { controlChannelLoss, controlPacketLoss } from './control-channel.js';
import { controllerCrash, controllerHang } from './controller.js';
import { delay } from './delay.js';
import type { FaultDefinition } from './fault.js';
import { flap } from './flap.js';
import { largePacketLoss } from './large-packet-loss.js';
import { cableCut, linkDown } from './link-down.js';
import { packetLoss } from './packet-loss.js';
import { partition } from './partition.js';
import { powerOff } from './power-off.js';
import { rateCollapse } from './rate-collapse.js';
import { vswitchdCrash, vswitchdHang } from './vswitchd.js';

const definitions: FaultDefinition[] = [
  powerOff,
  vswitchdCrash,
  vswitchdHang,
  linkDown,
  cableCut,
  blackhole,
  packetLoss,
  largePacketLoss,
  controlPacketLoss,
  bfdPacketLoss,
  rateCollapse,
  delay,
  flap,
  partition,
  controllerCrash,
  controllerHang,
  controlChannelLoss,
];

/** The definition of a kind, or undefined when none was written. */
export function faultOfKind(kind: FaultKind): FaultDefinition | undefined {
  return definitions.find((definition) => definition.kind === kind);
}

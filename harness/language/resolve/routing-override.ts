/** Routing of another name, in place of what the routers of a scenario have. */

import { LabError } from '../../errors.js';
import { routingPresets } from '../../kinds/routing/presets.js';
import { kindHas } from '../../model/node-traits.js';
import { routingNames } from '../../model/routing-names.js';
import { quoted } from '../../model/units.js';
import { didYouMean, type Problems } from '../problems.js';

/**
 * A topology as it was written, with every router's suite replaced; autonomous systems that are
 * stated stay. A scenario without routers gets a problem.
 *
 * @throws LabError WRONG_USE for a name that is not there.
 */
export function withRoutingOf(topology: unknown, name: string, problems: Problems): unknown {
  const known = routingNames.find((one) => one === name);
  const suite = known && routingPresets[known];
  if (suite === undefined) {
    const message = `there is no routing ${quoted(name)}${didYouMean(name, routingNames)}`;
    throw new LabError('WRONG_USE', message, { hint: `known: ${routingNames.join(', ')}` });
  }
  let found = 0;
  const replaced = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(replaced);
    if (!isRouter(part)) return part;
    found += 1;
    const as = part.suite?.bgp?.as;
    const bgp = 'bgp' in suite ? suite.bgp : undefined;
    const kept = as === undefined || bgp === undefined ? suite : { ...suite, bgp: { ...bgp, as } };
    return { ...part, suite: kept };
  };
  const whole = replaced(topology);
  if (found === 0) {
    problems.add('topology', `has no router that --routing ${name} could change`, 'omit --routing');
  }
  return whole;
}

interface WrittenRouter {
  kind: string;
  suite?: { bgp?: { as?: number } };
}

function isRouter(part: unknown): part is WrittenRouter {
  if (typeof part !== 'object' || part === null || !('kind' in part)) return false;
  return typeof part.kind === 'string' && kindHas(part.kind, 'routes');
}

/** Goal: a switch counts as connected only after a handshake with every instance, of this connection. */
import { expect, test } from '@playwright/test';
import { Handshakes } from '../../harness/lab/handshakes.js';

const handshake = (node: string, instance?: number) => ({
  ...{ kind: 'observe.openflow' as const, atNs: 1, node, message: 'handshake' as const },
  ...(instance === undefined ? {} : { instance }),
});

test('a handshake counts once for each switch and instance, other messages do not', () => {
  const handshakes = new Handshakes();
  handshakes.note(handshake('e1', 0));
  handshakes.note(handshake('e1', 0));
  handshakes.note({ ...handshake('e2', 0), message: 'port-status' });
  expect(handshakes.count(['e1', 'e2'], 1)).toBe(1);
  expect(handshakes.count(['e1', 'e2'], 2)).toBe(0);
  handshakes.note(handshake('e1', 1));
  expect(handshakes.count(['e1', 'e2'], 2)).toBe(1);
});

test('with one instance none is named, and after a reset nothing counts', () => {
  const handshakes = new Handshakes();
  handshakes.note(handshake('e1'));
  expect(handshakes.count(['e1'], 1)).toBe(1);
  handshakes.reset();
  expect(handshakes.count(['e1'], 1)).toBe(0);
});

/** When TCP should move again, in words. Pure. */
import { secondsText } from '../harness/judge/units.js';
import type { Prediction } from '../harness/model/result.js';

export function forecastText(prediction: Prediction): string {
  switch (prediction.forecast) {
    case 'none': {
      const why = prediction.untilHeal ? 'did not recover before the heal' : 'did not recover';
      return `No forecast: the network ${why}.`;
    }
    case 'no-stall':
      return 'No outage, no stall expected.';
    case 'retransmission':
      return (
        `After ${secondsText(prediction.outageMs)} of outage, retransmission ${prediction.number} of the exponential backoff ` +
        `is the first to get through, ${secondsText(prediction.afterMs)} after the last delivered packet.`
      );
    case 'as-written':
      return prediction.text;
  }
}

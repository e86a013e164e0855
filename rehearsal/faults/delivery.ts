import type { CoreParts } from '../../reference/core/core';
import type { Dispatch } from '../../reference/core/outbox';
import type { Fault, FaultContext } from './fault';

type Change = (dispatch: Dispatch, context: FaultContext) => Dispatch;

/** Core with another way of handing events on. */
function dispatching(change: Change): (parts: CoreParts, context: FaultContext) => CoreParts {
  return (parts, context) => ({ ...parts, dispatchTo: (cache) => change(parts.dispatchTo(cache), context) });
}

export const DELIVERY_FAULTS: readonly Fault[] = [
  {
    name: 'delivery-lost',
    sentence: 'the canary Core loses 15 % of the events it should deliver',
    expected: { outcome: 'rolled back', because: /reflect/ },
    canary: {
      coreParts: dispatching((dispatch, { random }) => async (event) => {
        if (random() >= 0.15) await dispatch(event);
      }),
    },
  },
  {
    name: 'delivery-late',
    sentence: 'the canary Core delivers 20 % of its events after their bound',
    expected: { outcome: 'rolled back', because: /reflect/ },
    canary: {
      coreParts: dispatching((dispatch, { random, boundMs }) => async (event) => {
        if (random() >= 0.2) await dispatch(event);
        else setTimeout(() => void dispatch(event).catch(() => undefined), 1.3 * boundMs('reflect'));
      }),
    },
  },
  {
    name: 'delivery-out-of-order',
    sentence: 'the canary Core holds back every fourth event until after the next one',
    expected: { outcome: 'rolled back', because: /reflect/ },
    canary: {
      coreParts: dispatching((dispatch, { boundMs, random }) => async (event) => {
        if (random() >= 0.25) await dispatch(event);
        else setTimeout(() => void dispatch(event).catch(() => undefined), 0.3 * boundMs('reflect'));
      }),
    },
  },
];

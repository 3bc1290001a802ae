import { describe, expect, it } from 'vitest';
import { numeric } from '../../../functions/runtime/contract/where.ts';
import { mergedPattern, unroutedPattern } from '../../../infra/pipeline/pattern.ts';
import { OrderCancelled, OrderPlaced, PaymentCaptured } from '../shopfront/contracts.ts';

describe('the merged pattern', () => {
  it('of one event is its own', () => {
    expect(mergedPattern([OrderPlaced])).toEqual(OrderPlaced.pattern);
  });

  it('of events of one source is a list of types', () => {
    expect(mergedPattern([OrderPlaced, OrderCancelled])).toEqual({
      source: ['shop.checkout'],
      'detail-type': ['order.placed', 'order.cancelled'],
    });
  });

  it('of events of several sources has a branch for each, so that no type is taken from a source that is not its own', () => {
    expect(mergedPattern([OrderPlaced, PaymentCaptured])).toEqual({
      $or: [OrderPlaced.pattern, PaymentCaptured.pattern],
    });
  });

  it('of several contents of one event has a branch for each', () => {
    const big = OrderPlaced.where({ total: numeric('>', 500) });
    const gift = OrderPlaced.where({ gift: true });
    expect(mergedPattern([big, gift])).toEqual({ $or: [big.pattern, gift.pattern] });
  });

  it('leaves out a narrowed event that is listened to as a whole too', () => {
    expect(mergedPattern([OrderPlaced.where({ gift: true }), OrderPlaced])).toEqual(OrderPlaced.pattern);
  });
});

describe('the unrouted pattern (F11)', () => {
  it('takes every other source, and of a known source every type that is not its own', () => {
    expect(unroutedPattern([OrderPlaced, PaymentCaptured])).toEqual({
      $or: [
        { source: [{ 'anything-but': ['shop.checkout', 'shop.payments'] }] },
        { source: ['shop.checkout'], 'detail-type': [{ 'anything-but': ['order.placed'] }] },
        { source: ['shop.payments'], 'detail-type': [{ 'anything-but': ['payment.captured'] }] },
      ],
    });
  });

  it('names each type once, so that EventBridge, which takes 2,048 characters, takes many', () => {
    const types = Array.from({ length: 80 }, (_, i) => `parcel.delivered-${i}`);
    const events = types.map((type) => ({ ...OrderPlaced, contract: { ...OrderPlaced.contract, type } }));
    expect(JSON.stringify(unroutedPattern(events)).length).toBeLessThanOrEqual(2048);
  });

  it('takes everything while nobody listens', () => {
    expect(unroutedPattern([])).toEqual({ source: [{ prefix: '' }] });
  });
});

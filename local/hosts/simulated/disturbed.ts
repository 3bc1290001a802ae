import type { Clock } from '../../clock.ts';
import type { Disturbance } from '../host.ts';
import type { Send } from './http.ts';
import type { Life } from './life.ts';

/**
 * Lets an instance die or stand still in the middle of an invocation: before or after one of its calls to AWS, or just
 * before its answer if it makes fewer.
 */
export function disturbed(send: Send, clock: Clock, life: Life, crash: () => void) {
  let coming: Disturbance | undefined;
  let step = 0;

  const strike = () => {
    const { crash: dies, freezeMs } = coming!;
    coming = undefined;
    if (dies) crash();
    else if (freezeMs > 0) {
      life.freeze();
      clock.after(freezeMs, life.thaw);
    }
  };
  const passed = () => {
    if (coming && step++ >= coming.step) strike();
  };

  return {
    begin(disturbance: Disturbance | undefined) {
      coming = disturbance;
      step = 0;
    },
    /** The last moment for what has not struck yet. */
    finish() {
      if (coming) strike();
    },
    async send(request: Parameters<Send>[0]) {
      passed();
      if (life.ended()) return new Promise<never>(() => {});
      const answer = send(request);
      passed();
      return answer;
    },
  };
}

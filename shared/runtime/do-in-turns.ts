import { setImmediate } from "node:timers/promises";
import type { Steps } from "../domain/steps.ts";

/** Does long work without holding up the process: between two steps everything else that waits has its turn. */
export async function doInTurns<Value>(steps: Steps<Value>): Promise<Value> {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    await setImmediate();
  }
}

import { onScopeDispose, watch } from 'vue';

/** Time from one picture to the next, at least: four in a second leave the processor free for other work. */
const PERIOD_MS = 250;

/** Runs `step` again and again while `isOn`, one at a time; a step that rejects ends it through `failed`. */
export function useLiveLoop(
  isOn: () => boolean,
  step: () => Promise<void>,
  failed: (thrown: unknown) => void,
): void {
  let turn = 0;

  async function loop(): Promise<void> {
    turn += 1;
    const mine = turn;
    while (mine === turn && isOn()) {
      const beganMs = performance.now();
      try {
        await step();
      } catch (thrown) {
        if (mine === turn) failed(thrown);
        return;
      }
      const restMs = PERIOD_MS - (performance.now() - beganMs);
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, restMs)));
    }
  }

  watch(isOn, (now) => {
    if (now) void loop();
    else turn += 1;
  });
  onScopeDispose(() => {
    turn += 1;
  });
}

import type { TrainerHandle } from '#workers/training/trainerClient.ts';
import { endProgressLine, log } from '../output/output.ts';

/**
 * The first Ctrl+C or SIGTERM stops with the state saved; a second one ends the process at once, and the last
 * checkpoint remains.
 */
export function stopOnSignal(handle: Pick<TrainerHandle, 'stop'>): () => void {
  let isStopping = false;
  const onSignal = (): void => {
    if (isStopping) process.exit(130);
    isStopping = true;
    endProgressLine();
    log('stopping: saving the state (again to end at once)');
    handle.stop();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return () => {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  };
}

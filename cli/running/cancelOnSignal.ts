import type { Cancellable } from '#workers/threads/startThread.ts';

/** The outcome of a task that the first Ctrl+C or SIGTERM cancels; a second one ends the process at once. */
export async function cancelOnSignal<R>({ cancel, done }: Cancellable<R>): Promise<R> {
  let isStopping = false;
  const onSignal = (): void => {
    if (isStopping) process.exit(130);
    isStopping = true;
    cancel();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  try {
    return await done;
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}

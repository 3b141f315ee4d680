import { dialog, type BrowserWindow } from 'electron';
import type { LabHostProcess } from './labHostProcess.ts';

/** Before the window closes: asks when something is training, lets the host save, and only then lets go. */
export function guardClosing(window: BrowserWindow, host: LabHostProcess): void {
  let mayClose = false;
  window.on('close', (event) => {
    if (mayClose) return;
    event.preventDefault();
    void mayLeave(window, host).then(async (isSure) => {
      if (!isSure) return;
      await host.close();
      mayClose = true;
      window.close();
    });
  });
}

async function mayLeave(window: BrowserWindow, host: LabHostProcess): Promise<boolean> {
  const runs = await host.runningRuns().catch(() => []);
  if (runs.length === 0) return true;
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    message: `${runs.join(', ')} is still training.`,
    detail:
      'Pausing saves a checkpoint: the run goes on from the same step, to the same bits, when the lab is opened again.',
    buttons: ['Pause and quit', 'Keep training'],
    defaultId: 0,
    cancelId: 1,
  });
  return response === 0;
}

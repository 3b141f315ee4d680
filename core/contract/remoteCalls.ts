import { z } from 'zod';
import { grant, runId } from './callFields.ts';
import { runStateSchema } from './run.ts';
import { runName } from './runAbout.ts';

/** Calls about runs that train elsewhere and are followed by their folder. */
export const REMOTE_CALLS = {
  /**
   * Follows the training that writes this folder, or the folder `output` in it. Returns the state of the run that shows
   * it; of the present one where it is followed already.
   */
  'remote.follow': { params: z.object({ folder: grant }), result: runStateSchema },
  /** Ends following; the folder stays as it is. */
  'remote.unfollow': { params: z.object({ runId }), result: z.object({}) },
  /** Makes a run of this lab, with this name, from the weights that a followed run has written. Returns that run. */
  'remote.import': { params: z.object({ runId, name: runName }), result: z.object({ runId }) },
} as const;

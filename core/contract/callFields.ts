import { z } from 'zod';
import { CHECKPOINT_CHOICES } from '../training/bestEpoch.ts';

/** An opaque token for a path that the user chose; the renderer can act on a path only through one. */
export const grant = z.string().min(1).max(128).meta({ holds: 'grant' });

/** Id of a run. */
export const runId = z.string().regex(/^[A-Za-z0-9._-]{1,128}$/);

/** Whose weights: those of the run's last checkpoint (when absent), or of its best epoch, if it validates. */
export const checkpoint = z.enum(CHECKPOINT_CHOICES).optional();

/** A path with its token. */
export const described = z.object({ grant, path: z.string(), name: z.string() });

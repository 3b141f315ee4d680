import { z } from 'zod';
import type { LabApi, LabMethod } from '#core/contract/labApi.ts';
import { CHECKPOINT_CHOICES } from '#core/training/bestEpoch.ts';

/** The start data of a thread for single pictures. */
export const pictureStartSchema = z.object({
  /** The folder of the run. */
  run: z.string(),
  checkpoint: z.enum(CHECKPOINT_CHOICES).optional(),
  weights: z.enum(['raw', 'ema']).optional(),
  cacheFolder: z.string(),
});
export type PictureStart = z.output<typeof pictureStartSchema>;

/** Parameters of a call, as the host has parsed them, without the session that the thread is. */
export type AskedOf<M extends LabMethod> = Omit<z.output<LabApi[M]['params']>, 'sessionId'>;

/** Where a picture comes from, as the host has resolved it. */
export type AskedPicture =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'bytes'; readonly name: string; readonly base64: string }
  /** An image of a kept evaluation of the run in the folder `run`. */
  | { readonly kind: 'evaluated'; readonly run: string; readonly id: string; readonly image: number };

import { z } from 'zod';
import { dataSettingsSchema } from '../document/dataSettings.ts';
import { MODEL_FORMATS } from '../import/foreignModel.ts';
import { messageSchema } from './messageSchema.ts';

const names = z.array(z.string());
const dims = z.array(z.number().int().nonnegative());

/** What a model file holds, and how its tensors fit the network. `core/import/matchReport.ts` has the terms. */
export const importReportSchema = z.object({
  /** Name of the file or run. */
  source: z.string(),
  format: z.enum(MODEL_FORMATS),
  /** The built-in network that it was recognized as; null for a file that describes its network. */
  architecture: z.string().nullable(),
  /** Whose tensor names it has: torchvision, timm; null for a file that describes its network. */
  naming: z.string().nullable(),
  matched: z.number().int(),
  slots: z.number().int(),
  missing: names,
  unexpected: names,
  wrongShape: z.array(z.object({ slot: z.string(), tensor: z.string(), found: dims, wanted: dims })),
  transposed: names,
  classNames: names.nullable(),
  /** Values at the output of the network. */
  outputs: z.number().int(),
  /** `[C, H, W]`. */
  inputShape: dims,
  /** Slots outside the head without a fitting tensor; the head is replaced for other classes in any case. */
  holes: names,
  /** How the images are prepared, as the file says or as its architecture is known to expect. */
  preprocessing: dataSettingsSchema.pick({
    resize: true,
    cropFraction: true,
    normalization: true,
    channelOrder: true,
  }),
  notes: z.array(messageSchema),
});
export type ImportReport = z.infer<typeof importReportSchema>;

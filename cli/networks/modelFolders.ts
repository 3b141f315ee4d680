import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openLabHome } from '#workers/files/labHome.ts';
import type { ModelFolders } from '#workers/models/modelsFolder.ts';

/** Where `npm run models:fetch` puts the models that come with NormLab. */
const FETCHED = fileURLToPath(new URL('../../build/out/models', import.meta.url));

/** The folders of models by name: that of the user, and that of the shipped ones. */
export function modelFolders(): ModelFolders {
  return { own: openLabHome().models, shipped: shippedModelsFolder() };
}

/** `NORMLAB_MODELS`, else the fetched models of this checkout; null where there are none. */
export function shippedModelsFolder(): string | null {
  const folder = process.env['NORMLAB_MODELS'] ?? FETCHED;
  return folder !== '' && existsSync(folder) ? folder : null;
}

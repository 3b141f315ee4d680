import type { DataSettings } from '../../document/dataSettings.ts';
import { parseDocument } from '../../document/parse.ts';
import { METADATA_KEYS } from '../../export/metadata.ts';
import { ownClassNames, ownNormalization } from '../ownFile.ts';
import type { ByteNormalization } from '../withPreprocessing.ts';
import { isObject } from './settings.ts';

/** What a file of the lab says beside its network: how images are prepared, and the names of the classes. */
export interface OwnPreparation {
  readonly data: DataSettings;
  readonly classNames: readonly string[] | null;
  readonly normalization: ByteNormalization | null;
}

/** The version of the metadata that this build reads. */
const KNOWN_VERSION = '1';

/** Reads the parsed `metadata.json` of a `.keras` file; null for a file that NormLab did not write. */
export function ownPreparation(metadata: unknown): OwnPreparation | null {
  if (!isObject(metadata) || metadata[METADATA_KEYS.format] !== KNOWN_VERSION) return null;
  const texts = Object.fromEntries(
    Object.entries(metadata).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
  const parsed = parseDocument(texts[METADATA_KEYS.project] ?? '');
  if (!parsed.ok) return null;
  return {
    data: parsed.document.data,
    classNames: ownClassNames(texts),
    normalization: ownNormalization(texts),
  };
}

import type { PartNames } from '#core/contract/folderReading.ts';
import type { FileGrant } from '../../client/shellBridge.ts';
import { visibleName } from '../../text/visibleName.ts';

type Translate = (key: string, values: Record<string, string>) => string;

/** The folders of a data set in parts. */
interface ImageParts {
  readonly train: FileGrant;
  /** Null: the folder has no part for validation. */
  readonly validation: FileGrant | null;
  /** Null: the folder has no parts. */
  readonly found: PartNames | null;
}

/** The notes on a folder that was split into parts; null where it was not. */
export function partsWords({ found }: ImageParts, t: Translate): string | null {
  if (found === null) return null;
  const names = (reason: 'unlabelled' | 'other'): string =>
    found.leftOut
      .filter((part) => part.reason === reason)
      .map(({ name }) => visibleName(name))
      .join(', ');
  const second = found.validation ?? found.test;
  const [unlabelled, other] = [names('unlabelled'), names('other')];
  return [
    t(second === null ? 'data.parts.trainOnly' : 'data.parts.both', {
      train: visibleName(found.train),
      validation: visibleName(second ?? ''),
    }),
    ...(unlabelled === '' ? [] : [t('data.parts.unlabelled', { names: unlabelled })]),
    ...(other === '' ? [] : [t('data.parts.other', { names: other })]),
  ].join(' ');
}

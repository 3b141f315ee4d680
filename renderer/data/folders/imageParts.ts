import type { PartNames } from '#core/contract/folderReading.ts';
import type { FileGrant } from '../../client/shellBridge.ts';
import { say, type Said } from '../../messages/said.ts';
import { visibleName } from '../../text/visibleName.ts';

/** The folders of a data set in parts. */
interface ImageParts {
  readonly train: FileGrant;
  /** Null: the folder has no part for validation. */
  readonly validation: FileGrant | null;
  /** Null: the folder has no parts. */
  readonly found: PartNames | null;
}

/** The notes on a folder that was split into parts; null where it was not. */
export function notesOnParts({ found }: ImageParts): Said | null {
  if (found === null) return null;
  const names = (reason: 'unlabelled' | 'other'): string =>
    found.leftOut
      .filter((part) => part.reason === reason)
      .map(({ name }) => visibleName(name))
      .join(', ');
  const second = found.validation ?? found.test;
  const [unlabelled, other] = [names('unlabelled'), names('other')];
  return [
    say(second === null ? 'data.parts.trainOnly' : 'data.parts.both', {
      train: visibleName(found.train),
      validation: visibleName(second ?? ''),
    }),
    ...(unlabelled === '' ? [] : [say('data.parts.unlabelled', { names: unlabelled })]),
    ...(other === '' ? [] : [say('data.parts.other', { names: other })]),
  ];
}

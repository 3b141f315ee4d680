import type { FileGrant } from '../client/shellBridge.ts';
import type { Lab } from '../client/useLab.ts';
import { splitFolders } from './splitFolders.ts';

/** Where a chosen folder's images train and validate. */
export interface ImageParts {
  readonly train: FileGrant;
  /** Null: the folder has no part for validation. */
  readonly validation: FileGrant | null;
}

/** Takes a folder that holds a set in parts (train beside val or test) apart; any other folder trains as it is. Rejects as the lab does. */
export async function partsOfFolder(lab: Lab, folder: FileGrant): Promise<ImageParts> {
  const { entries } = await lab.call('files.list', { folder: folder.grant });
  const split = splitFolders(entries);
  if (!split) return { train: folder, validation: null };
  const describe = async (grant: string): Promise<FileGrant> => {
    const listed = await lab.call('files.list', { folder: grant });
    return listed.folder ?? folder;
  };
  return { train: await describe(split.train.grant), validation: await describe(split.validation.grant) };
}

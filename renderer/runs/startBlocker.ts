import type { ConnectionState } from '../client/labClient.ts';
import type { FolderState } from '../data/folderState.ts';

/** Why a plan need not even be asked for. */
export type StartBlocker = 'offline' | 'graph' | 'noData' | 'scanning' | 'badData';

/** The first thing that stands in the way of a start, nearest to the user's hand first; null when the host may be asked. */
export function startBlockerOf(now: {
  readonly connection: ConnectionState['kind'];
  readonly isGraphSound: boolean;
  readonly train: FolderState['kind'];
  readonly validation: FolderState['kind'];
}): StartBlocker | null {
  if (now.connection !== 'open') return 'offline';
  if (!now.isGraphSound) return 'graph';
  if (now.train === 'none') return 'noData';
  for (const kind of [now.train, now.validation]) {
    if (kind === 'opening' || kind === 'scanning') return 'scanning';
    if (kind === 'lost' || kind === 'failed') return 'badData';
  }
  return null;
}

import type { ConnectionState } from '../client/labClient.ts';
import type { FolderState } from '../data/folders/folderState.ts';

/** Why no plan can be requested. */
export type StartBlocker = 'offline' | 'graph' | 'noData' | 'scanning' | 'badData' | 'otherRun';

/** Everything that prevents a start before the host is asked, easiest for the user to fix first. */
export function startBlockersOf(now: {
  readonly connection: ConnectionState['kind'];
  readonly isGraphSound: boolean;
  readonly train: FolderState['kind'];
  readonly validation: FolderState['kind'];
  /** A run of another project trains: only one run at a time may use the cores. */
  readonly isOtherRunLive: boolean;
}): StartBlocker[] {
  if (now.connection !== 'open') return ['offline'];
  const folders = [now.train, now.validation];
  const isScanning = folders.some((kind) => kind === 'opening' || kind === 'scanning');
  const isBad = folders.some((kind) => kind === 'lost' || kind === 'failed');
  const found: readonly (readonly [StartBlocker, boolean])[] = [
    ['graph', !now.isGraphSound],
    ['noData', now.train === 'none'],
    ['badData', isBad],
    ['scanning', isScanning],
    ['otherRun', now.isOtherRunLive],
  ];
  return found.filter(([, stands]) => stands).map(([blocker]) => blocker);
}

import { dialog, type BrowserWindow } from 'electron';
import type { Grant } from '#core/contract/shellApi.ts';
import { PROJECT_EXTENSION } from '#core/document/schema.ts';

const PROJECT_FILTERS = [{ name: 'NormLab project', extensions: [PROJECT_EXTENSION.slice(1), 'json'] }];

type ToGrant = (path: string, kind: 'folder' | 'project') => Promise<Grant>;

/** The system's dialogs; each gives a grant for what the user chose, or null when the dialog was closed. */
export function systemDialogs(window: () => BrowserWindow | null, toGrant: ToGrant) {
  const granted = async (path: string | undefined, kind: 'folder' | 'project'): Promise<Grant | null> =>
    path === undefined ? null : toGrant(path, kind);
  return {
    async pickFolder(title: string): Promise<Grant | null> {
      const owner = window();
      if (owner === null) return null;
      const { filePaths } = await dialog.showOpenDialog(owner, {
        title,
        properties: ['openDirectory', 'createDirectory'],
      });
      return granted(filePaths[0], 'folder');
    },
    async pickProject(): Promise<Grant | null> {
      const owner = window();
      if (owner === null) return null;
      const { filePaths } = await dialog.showOpenDialog(owner, {
        properties: ['openFile'],
        filters: PROJECT_FILTERS,
      });
      return granted(filePaths[0], 'project');
    },
    async pickSave(suggestedName: string): Promise<Grant | null> {
      const owner = window();
      if (owner === null) return null;
      const { canceled, filePath } = await dialog.showSaveDialog(owner, {
        defaultPath: suggestedName,
        filters: PROJECT_FILTERS,
      });
      return canceled || filePath === '' ? null : granted(withEnding(filePath), 'project');
    },
  };
}

function withEnding(path: string): string {
  return path.endsWith('.json') ? path : path + PROJECT_EXTENSION;
}

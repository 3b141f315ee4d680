import { existsSync } from 'node:fs';
import { dialog, type BrowserWindow, type FileFilter } from 'electron';
import type { Grant } from '#core/contract/shellApi.ts';
import { PROJECT_EXTENSION } from '#core/document/schema.ts';
import { MODEL_ENDINGS } from '#core/import/modelEndings.ts';
import { message } from '#core/words/message.ts';
import { inSystemWords } from './shellLanguage.ts';

/** Read when a dialog opens: the system's language is known once the app is ready. */
function projectFilters(): FileFilter[] {
  const name = inSystemWords(message('shell.projectFiles'));
  return [{ name, extensions: [PROJECT_EXTENSION.slice(1), 'json'] }];
}

function modelFilters(): FileFilter[] {
  const extensions = [...MODEL_ENDINGS, PROJECT_EXTENSION.slice(1)];
  return [{ name: inSystemWords(message('shell.modelFiles')), extensions }];
}

/** The endings of formats that are decoded; a file of another name can still be chosen. */
const IMAGE_ENDINGS = [
  'jpg',
  'jpeg',
  'png',
  'webp',
  'gif',
  'bmp',
  'tif',
  'tiff',
  'avif',
  'pgm',
  'ppm',
  'tga',
];

function imageFilters(): FileFilter[] {
  return [
    { name: inSystemWords(message('shell.imageFiles')), extensions: IMAGE_ENDINGS },
    { name: inSystemWords(message('shell.allFiles')), extensions: ['*'] },
  ];
}

/** Without a kind, the file at the path decides. */
type ToGrant = (path: string, kind?: 'folder' | 'project') => Promise<Grant>;

/** The system's dialogs; each returns a grant for what the user chose, or null when the dialog was closed. */
export function systemDialogs(window: () => BrowserWindow | null, toGrant: ToGrant) {
  const granted = async (path: string | undefined, kind?: 'folder' | 'project'): Promise<Grant | null> =>
    path === undefined ? null : toGrant(path, kind);
  /**
   * The dialog has asked about the name as it was typed; where adding the ending names another file, this asks again
   * about that one.
   */
  async function chooseSave(owner: BrowserWindow, suggested: string): Promise<string | undefined> {
    const { canceled, filePath } = await dialog.showSaveDialog(owner, {
      defaultPath: suggested,
      filters: projectFilters(),
    });
    if (canceled || filePath === '') return undefined;
    const path = withEnding(filePath);
    return path !== filePath && existsSync(path) ? chooseSave(owner, path) : path;
  }
  /** One file of these filters; its name decides what it may be used for. */
  async function openFile(title: string, filters: FileFilter[]): Promise<Grant | null> {
    const owner = window();
    if (owner === null) return null;
    const { filePaths } = await dialog.showOpenDialog(owner, { title, properties: ['openFile'], filters });
    return granted(filePaths[0]);
  }
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
        filters: projectFilters(),
      });
      return granted(filePaths[0], 'project');
    },
    pickModel: (title: string) => openFile(title, modelFilters()),
    pickImage: (title: string) => openFile(title, imageFilters()),
    async pickSave(suggestedName: string): Promise<Grant | null> {
      const owner = window();
      if (owner === null) return null;
      return granted(await chooseSave(owner, suggestedName), 'project');
    },
  };
}

function withEnding(path: string): string {
  return path.endsWith('.json') ? path : path + PROJECT_EXTENSION;
}

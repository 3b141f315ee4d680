import type { Command } from 'commander';
import type { SubfolderReading, TableColumns } from '#core/document/dataSettings.ts';

/** How to read an image folder that can be read in more than one way. */
export interface FolderOptions {
  labels?: string;
  fileColumn?: string;
  labelColumn?: string;
  /** False under `--no-parts`. */
  parts: boolean;
}

/** Adds the options that say how to read a folder. */
export function withFolderOptions(command: Command): Command {
  return command
    .option('--labels <file>', 'CSV table of the images (file,label) where no subfolders give the classes')
    .option(
      '--file-column <name>',
      'column of the table that names the files: its header, or a number from 1',
    )
    .option('--label-column <name>', 'column of the table that gives the classes')
    .option(
      '--no-parts',
      'take subfolders as classes even where they look like parts of a set (train, test)',
    );
}

/** The requested columns; null where there is none. */
export function columnsOf({ fileColumn, labelColumn }: FolderOptions): TableColumns | null {
  if (fileColumn === undefined && labelColumn === undefined) return null;
  return { fileColumn: fileColumn ?? null, labelColumn: labelColumn ?? null };
}

export function subfoldersOf({ parts }: FolderOptions): SubfolderReading {
  return parts ? 'auto' : 'classes';
}

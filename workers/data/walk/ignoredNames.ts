const SYSTEM_NAMES = new Set([
  'thumbs.db',
  'ehthumbs.db',
  'desktop.ini',
  '__macosx',
  '@eadir',
  '@tmp',
  '@recycle',
  '#recycle',
  '#snapshot',
  '__pycache__',
  'picasa.ini',
  'zbthumbnail.info',
  '$recycle.bin',
  'system volume information',
  'lost+found',
  'icon\r',
]);

/**
 * True for hidden entries (a leading dot: notebook checkpoints, thumbnail folders) and for files that operating
 * systems, network storage and photo programs leave behind; they are ignored silently.
 */
export function isIgnoredName(name: string): boolean {
  return name.startsWith('.') || SYSTEM_NAMES.has(name.toLowerCase());
}

import { tinyProject } from './hostFolder.ts';

/** Files that a user may have, and that a page must never overwrite. */
export const VICTIMS: Readonly<Record<string, string>> = {
  '.bashrc': 'alias ls=ls',
  '.ssh/authorized_keys': 'ssh-ed25519 AAAA',
  '.config/settings.json': '{"a": 1}',
  'Documents/letter.txt': 'Dear reader',
  'Documents/package.json': '{"name": "x"}',
  'Documents/damaged.normlab.json': tinyProject().slice(0, 200),
  'Documents/other.normlab.json': '{"format": "other"}',
  'Documents/model.onnx': 'not a model',
  'Documents/photo.png': 'no image',
  'Documents/archive.zip': 'PK',
  'Documents/model.safetensors': 'not a model either',
};

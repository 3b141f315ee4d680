import type { FolderFormatName } from '../formats.ts';
import { BUNDLE_MANIFEST } from './bundleManifest.ts';

/** Images with their outputs, in each folder. */
export const GOLDEN_FILE = 'golden.safetensors';

/**
 * The files that the writer of each folder makes, in display order, and what each is: the key of a text,
 * `export.files.<role>`. The writers return exactly these (`writtenFiles`), or the compiler refuses them.
 */
const WRITER_FILES = {
  pytorch: {
    'model.py': 'torchSource',
    'model.safetensors': 'torchSafetensors',
    'state_dict.pt': 'stateDict',
    'predict.py': 'predict',
    'requirements.txt': 'requirements',
  },
  keras: {
    'model.keras': 'kerasModel',
    'model.weights.h5': 'kerasWeights',
    'model.py': 'kerasSource',
    'predict.py': 'predict',
    'requirements.txt': 'requirements',
  },
  caffe: {
    'deploy.prototxt': 'caffeDeploy',
    'train_val.prototxt': 'caffeTrain',
    'weights.caffemodel': 'caffeWeights',
    'labels.txt': 'labels',
  },
  npz: {
    'weights.npz': 'arrays',
    'metadata.json': 'metadata',
    'load.py': 'loadExample',
  },
} as const satisfies Record<FolderFormatName, Readonly<Record<string, string>>>;

/** Files that every folder has beside those of its writer. */
const COMMON_FILES = { [GOLDEN_FILE]: 'golden', [BUNDLE_MANIFEST]: 'manifest' } as const;

type WriterFiles = typeof WRITER_FILES;
type WriterRole = { [F in FolderFormatName]: WriterFiles[F][keyof WriterFiles[F]] }[FolderFormatName];
/** What a file of a folder is. */
type FileRole = WriterRole | (typeof COMMON_FILES)[keyof typeof COMMON_FILES];

/** The bytes of each file that the writer of a folder makes. */
export type FilesOf<F extends FolderFormatName> = Readonly<
  Record<keyof WriterFiles[F] & string, Uint8Array<ArrayBuffer>>
>;

/** The files of a writer by name, in display order. */
export function writtenFiles<F extends FolderFormatName>(
  format: F,
  bytes: FilesOf<F>,
): ReadonlyMap<string, Uint8Array<ArrayBuffer>> {
  const names = Object.keys(WRITER_FILES[format]) as (keyof FilesOf<F>)[];
  return new Map(names.map((name) => [name, bytes[name]]));
}

/** A file of an export: its name, and what it is. */
interface DescribedFile {
  readonly name: string;
  readonly role: FileRole;
}

/** All files of a folder of this format, in display order. */
export function filesOfFolder(format: FolderFormatName): readonly DescribedFile[] {
  const all: Readonly<Record<string, FileRole>> = { ...WRITER_FILES[format], ...COMMON_FILES };
  return Object.entries(all).map(([name, role]) => ({ name, role }));
}

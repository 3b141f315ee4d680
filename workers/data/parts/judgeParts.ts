import { compareNames } from '../walk/compareNames.ts';
import { lookOf } from '#core/document/lookalikes.ts';
import { roleOfName, type PartRole } from './partRoles.ts';

/** A subfolder of the chosen folder: the properties from which parts are recognized. */
export interface FolderOutline {
  readonly name: string;
  /** Names of its subfolders. */
  readonly inner: readonly string[];
  /** Number of files in it, at any depth; called only where names do not determine a role. */
  readonly size: () => number;
}

/** Why a subfolder is not used as a part. */
type LeftOutReason = 'unlabelled' | 'other';

export interface FoundParts {
  readonly kind: 'parts';
  readonly train: string;
  readonly validation: string | null;
  readonly test: string | null;
  readonly leftOut: readonly { readonly name: string; readonly reason: LeftOutReason }[];
  /**
   * Names of the folders that all parts have: their classes. Empty where the parts are recognized by their names alone.
   */
  readonly shared: readonly string[];
}

type PartsVerdict =
  | { readonly kind: 'classes' }
  | FoundParts
  /** There are parts, but their names do not show which one is for training; largest first. */
  | { readonly kind: 'unclear'; readonly names: readonly string[]; readonly shared: readonly string[] };

/** Maximum number of folders tried as the reference that the others are compared with. */
const TRIED = 40;

/**
 * Decides whether subfolders are classes or the parts of a set. Folders that share two or more subfolders (their
 * classes) are parts, whatever their names. `train` beside `val` or `test` are parts by their names alone, if there are
 * no other folders or `train` has two or more subfolders. Roles are assigned by name, then by size; the outcome depends
 * on names and sizes only.
 */
export function judgeParts(folders: readonly FolderOutline[]): PartsVerdict {
  const alike = likeFolders(folders);
  return alike === null ? partsByName(folders) : assignRoles(folders, alike);
}

/**
 * Folders that share with one reference folder at least two subfolders, and at least half of those of the smaller of
 * the two; null when there are none.
 */
function likeFolders(folders: readonly FolderOutline[]): FolderOutline[] | null {
  const candidates = folders
    .filter(({ inner }) => inner.length >= 2)
    .sort((a, b) => rankOf(a) - rankOf(b) || b.inner.length - a.inner.length || compareNames(a.name, b.name));
  for (const reference of candidates.slice(0, TRIED)) {
    const alike = candidates.filter((folder) => isAlike(reference, folder));
    if (alike.length >= 2) return alike;
  }
  return null;
}

function rankOf({ name }: FolderOutline): number {
  const role = roleOfName(name)?.role;
  return role === 'train' ? 0 : role === undefined ? 2 : 1;
}

function isAlike(a: FolderOutline, b: FolderOutline): boolean {
  const shared = sharedInner([a, b]).length;
  return shared >= 2 && shared * 2 >= Math.min(a.inner.length, b.inner.length);
}

/** Names of the subfolders that all of these folders have; names that look the same are equal. */
function sharedInner([first, ...others]: readonly FolderOutline[]): string[] {
  const sets = others.map(({ inner }) => new Set(inner.map(lookOf)));
  return (first?.inner ?? []).filter((name) => sets.every((set) => set.has(lookOf(name))));
}

function assignRoles(folders: readonly FolderOutline[], alike: readonly FolderOutline[]): PartsVerdict {
  const train = trainingPart(alike);
  if (train === null) {
    const names = [...alike].sort(bySize).map(({ name }) => name);
    return { kind: 'unclear', names, shared: sharedInner(alike) };
  }
  const others = alike.filter((folder) => folder !== train);
  const test = bestOf(others, 'test');
  const validation =
    bestOf(others, 'validation') ??
    // A part whose name shows no role is for validation if no other part is for validation or test.
    (test === null ? ([...others.filter(hasNoRole)].sort(bySize)[0] ?? null) : null);
  return partsOf(folders, { train, validation, test }, sharedInner(alike));
}

/**
 * The part named for training, the one with a plain name if there are several; or the only one without a role beside
 * others that have one.
 */
function trainingPart(alike: readonly FolderOutline[]): FolderOutline | null {
  const named = alike.filter(({ name }) => roleOfName(name)?.role === 'train');
  const plain = named.filter(({ name }) => roleOfName(name)?.isPlain === true);
  if (named.length === 1) return named[0] ?? null;
  if (named.length > 1) return plain.length === 1 ? (plain[0] ?? null) : null;
  const nameless = alike.filter(hasNoRole);
  return nameless.length === 1 && alike.length > 1 ? (nameless[0] ?? null) : null;
}

function hasNoRole({ name }: FolderOutline): boolean {
  return roleOfName(name) === null;
}

/** The folder of a role: plain names first, then the largest. */
function bestOf(folders: readonly FolderOutline[], role: PartRole): FolderOutline | null {
  const named = folders.filter(({ name }) => roleOfName(name)?.role === role);
  const plain = named.filter(({ name }) => roleOfName(name)?.isPlain === true);
  const best = plain.length > 0 ? plain : named;
  return best.length > 1 ? ([...best].sort(bySize)[0] ?? null) : (best[0] ?? null);
}

function bySize(a: FolderOutline, b: FolderOutline): number {
  return b.size() - a.size() || compareNames(a.name, b.name);
}

/** Parts that are recognized by their names alone: `train` beside `val` or `test`, plainly named. */
function partsByName(folders: readonly FolderOutline[]): PartsVerdict {
  const plain = folders.filter(({ name }) => roleOfName(name)?.isPlain === true);
  const train = bestOf(plain, 'train');
  const [validation, test] = [bestOf(plain, 'validation'), bestOf(plain, 'test')];
  if (train === null || (validation === null && test === null)) return { kind: 'classes' };
  const isAlone = plain.length === folders.length;
  if (!isAlone && train.inner.length < 2) return { kind: 'classes' };
  return partsOf(folders, { train, validation, test }, []);
}

type Roles = Readonly<Record<PartRole, FolderOutline | null>> & { readonly train: FolderOutline };

/** A part without any of the classes is left out: its images have no labels. */
function partsOf(folders: readonly FolderOutline[], roles: Roles, shared: readonly string[]): FoundParts {
  const { train } = roles;
  const isUnlabelled = (part: FolderOutline): boolean =>
    train.inner.length >= 2 && part.inner.length <= 1 && sharedInner([part, train]).length === 0;
  const used = (part: FolderOutline | null): FolderOutline | null =>
    part === null || isUnlabelled(part) ? null : part;
  const [validation, test] = [used(roles.validation), used(roles.test)];
  const kept = new Set([train, validation, test]);
  return {
    kind: 'parts',
    train: train.name,
    validation: validation?.name ?? null,
    test: test?.name ?? null,
    leftOut: folders
      .filter((folder) => !kept.has(folder))
      .map((folder) => {
        const isPart = roleOfName(folder.name) !== null && isUnlabelled(folder);
        return { name: folder.name, reason: isPart ? 'unlabelled' : 'other' };
      }),
    shared: [...shared],
  };
}

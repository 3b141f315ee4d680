import { shorten } from '../../document/brief.ts';
import { message } from '../../words/message.ts';
import { brokenFile } from '../fileFault.ts';
import type { Blob } from './blob.ts';
import { isTree, type Tree, type TreeValue } from './tree.ts';

/** Characters of a layer's name in a message. */
const MOST_SHOWN = 100;
const EMPTY: Tree = new Map();

/** The fields of a message, read by type. Every method throws a fault for a value of another type. */
export class Settings {
  readonly #tree: Tree;
  /** Name of the layer, for messages. */
  readonly #of: string;

  constructor(tree: Tree, of: string) {
    this.#tree = tree;
    this.#of = of;
  }

  /** The same fields, with the name of the layer for messages. */
  named(layer: string): Settings {
    return new Settings(this.#tree, layer.slice(0, MOST_SHOWN));
  }

  has(name: string): boolean {
    return this.#tree.has(name);
  }

  /** A field that may be repeated. */
  numbers(name: string): readonly number[] {
    return this.#all(name).map((value) => (typeof value === 'number' ? value : this.#refuse(name, value)));
  }

  texts(name: string): readonly string[] {
    return this.#all(name).map((value) => (typeof value === 'string' ? value : this.#refuse(name, value)));
  }

  children(name: string): readonly Settings[] {
    return this.#all(name).map((value) =>
      isTree(value) ? new Settings(value, this.#of) : this.#refuse(name, value),
    );
  }

  /** The weights of a layer; those that are written in a text have no use here. */
  blobs(): readonly Blob[] {
    return this.#all('blobs').filter((value): value is Blob => typeof value === 'object' && 'kind' in value);
  }

  /** The message under a name; an empty one where there is none. */
  child(name: string): Settings {
    return this.children(name).at(-1) ?? new Settings(EMPTY, this.#of);
  }

  number(name: string, otherwise: number): number {
    return this.numbers(name).at(-1) ?? otherwise;
  }

  /** A whole number of 32 bits. */
  whole(name: string, otherwise: number): number {
    return this.wholes(name).at(-1) ?? otherwise;
  }

  wholes(name: string): readonly number[] {
    return this.numbers(name).map((value) =>
      Number.isInteger(value) && Math.abs(value) < 2 ** 31 ? value : this.#refuse(name, value),
    );
  }

  text(name: string): string | null {
    return this.texts(name).at(-1) ?? null;
  }

  /** The value of an enum that is not known here: its name or number; null where the field is not there. */
  nameOrNumber(name: string): string | number | null {
    const value = this.#all(name).at(-1) ?? null;
    return typeof value === 'object' && value !== null ? this.#refuse(name, value) : value;
  }

  flag(name: string, otherwise: boolean): boolean {
    const value = this.#all(name).at(-1);
    if (value === undefined) return otherwise;
    if (value === 'true' || value === 't' || value === 'True' || value === 1) return true;
    if (value === 'false' || value === 'f' || value === 'False' || value === 0) return false;
    return this.#refuse(name, value);
  }

  /** The name of an enum's value, which a binary file has as its index in `names`. */
  choice(name: string, names: readonly string[], otherwise: string): string {
    const value = this.#all(name).at(-1);
    if (value === undefined) return otherwise;
    const found = typeof value === 'number' ? names[value] : value;
    return typeof found === 'string' && names.includes(found) ? found : this.#refuse(name, value);
  }

  #all(name: string): readonly TreeValue[] {
    return this.#tree.get(name) ?? [];
  }

  #refuse(setting: string, value: TreeValue): never {
    const found = typeof value === 'object' ? '{ … }' : shorten(String(value));
    throw brokenFile(message('caffeFiles.setting', { setting, layer: this.#of, found }));
  }
}

import { brief, shorten } from '../../document/brief.ts';
import { brokenFile } from '../fileFault.ts';
import { message } from '../../words/message.ts';

type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A number, or a list of numbers for several axes. */
type Numbers = number | readonly number[];

/**
 * The settings of a layer as they are in the file. Every reading checks the type and throws a fault for a broken file
 * that names the layer and the setting.
 */
export class Settings {
  readonly layer: string;
  readonly #values: JsonObject;

  constructor(layer: string, values: unknown) {
    this.layer = shorten(layer);
    if (!isObject(values)) throw this.#wrong('config', values);
    this.#values = values;
  }

  /** The unchecked value; undefined where it is absent or null. */
  raw(name: string): unknown {
    return Object.hasOwn(this.#values, name) ? (this.#values[name] ?? undefined) : undefined;
  }

  /** Throws where neither the setting nor a default is given. */
  number(name: string, usual?: number): number {
    const value = this.raw(name) ?? usual;
    if (typeof value !== 'number' || !Number.isFinite(value)) throw this.#wrong(name, value);
    return value;
  }

  whole(name: string, usual?: number): number {
    const value = this.number(name, usual);
    if (!Number.isSafeInteger(value)) throw this.#wrong(name, value);
    return value;
  }

  flag(name: string, usual: boolean): boolean {
    const value = this.raw(name) ?? usual;
    if (typeof value !== 'boolean') throw this.#wrong(name, value);
    return value;
  }

  text(name: string, usual?: string): string {
    const value = this.raw(name) ?? usual;
    if (typeof value !== 'string') throw this.#wrong(name, value);
    return value;
  }

  list(name: string): readonly unknown[] {
    const value = this.raw(name);
    if (!Array.isArray(value)) throw this.#wrong(name, value);
    return value;
  }

  /** `[height, width]`; one number stands for both. */
  pair(name: string, usual?: Numbers): readonly [number, number] {
    const value = this.raw(name) ?? usual;
    const both: unknown[] = Array.isArray(value) ? value : [value, value];
    const [first, second] = both;
    if (both.length !== 2 || !isWhole(first) || !isWhole(second)) throw this.#wrong(name, value);
    return [first, second];
  }

  /** A whole number or a list of them, as a list; Keras writes axes in both forms. */
  wholes(name: string, usual?: Numbers): readonly number[] {
    const value = this.raw(name) ?? usual;
    const list: unknown[] = Array.isArray(value) ? value : [value];
    if (list.length > 16 || !list.every(isWhole)) throw this.#wrong(name, value);
    return list;
  }

  /** Numbers of a list, nested or not, in order; null where the setting is absent. */
  flatNumbers(name: string): readonly number[] | null {
    const value = this.raw(name);
    if (value === undefined) return null;
    const numbers: unknown[] = Array.isArray(value) ? value.flat(4) : [value];
    if (!numbers.every((each): each is number => typeof each === 'number' && Number.isFinite(each)))
      throw this.#wrong(name, value);
    return numbers;
  }

  #wrong(setting: string, value: unknown): Error {
    return brokenFile(message('kerasFiles.setting', { layer: this.layer, setting, found: brief(value) }));
  }
}

function isWhole(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value);
}

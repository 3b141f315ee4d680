/** The files of a model folder before it is on the disk, and what its manifest says about them. */
export interface WrittenBundle {
  /** By name; without the manifest and the golden outputs. */
  readonly files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
  /** The metadata of docs/formats.md. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Name in the files of each block that has tensors. */
  readonly modules: Readonly<Record<string, string>>;
}

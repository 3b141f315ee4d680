/*
 * Reads a model folder that NormLab exported: normlab.json and the files beside it. For Node and browsers; it needs no
 * package.
 *
 *   const bundle = await openBundle('flowers-npz');                  // in Node: a folder; verifies every SHA-256
 *   const bundle = await openBundle((name) => bytesOf(name));        // anywhere: a function that gives a file's bytes
 *   const input = bundle.prepare({ width, height, channels: 3, data });
 *   const weights = await bundle.tensors();                          // folders for NumPy and PyTorch
 *   await bundle.check(logits);                                      // throws a BundleError beyond the tolerance
 *
 * Copy this file into your project; docs/formats.md of NormLab describes the fields of the manifest.
 */

const MANIFEST = 'normlab.json';
const VERSION = 1;
const FILE_NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
/** The file of the weights by the target of the folder, where this module can read it. */
const WEIGHT_FILES = { pytorch: 'model.safetensors', npz: 'weights.npz' };
/** The networks of these folders take bytes and normalize them themselves. */
const TAKES_BYTES = ['caffe'];
const WEIGHT_ONE = 2 ** 22;

/** The folder is not what its manifest says, or this module cannot read it. */
export class BundleError extends Error {
  name = 'BundleError';
}

/**
 * Opens a bundle after comparing the manifest and every file with their SHA-256. `source`: a folder (Node), the address
 * of a folder that begins with http: or https:, or an async function from a file's name to its bytes, null where there
 * is none.
 */
export async function openBundle(source) {
  const readFile =
    typeof source === 'function' ? source : /^https?:/.test(source) ? fetcher(source) : inFolder(source);
  const manifest = await readManifest(readFile);
  const bundle = new Bundle(manifest, readFile);
  for (const name of Object.keys(manifest.files)) await bundle.read(name);
  return bundle;
}

function fetcher(address) {
  return async (name) => {
    const answer = await fetch(new URL(name, address.endsWith('/') ? address : `${address}/`));
    return answer.ok ? new Uint8Array(await answer.arrayBuffer()) : null;
  };
}

function inFolder(folder) {
  return async (name) => {
    const { readFile } = await import('node:fs/promises');
    try {
      return await readFile(`${folder}/${name}`);
    } catch (error) {
      if (error.code === 'ENOENT') return null;
      throw error;
    }
  };
}

/** A model folder. Every file is compared with its SHA-256 whenever it is read. */
class Bundle {
  #readFile;

  constructor(manifest, readFile) {
    this.#readFile = readFile;
    this.manifest = manifest;
    this.target = manifest.target;
    this.classNames = manifest.class_names;
    this.preprocessing = manifest.preprocessing;
    this.batchNorm = manifest.batch_norm;
    this.tolerance = manifest.golden.tolerance;
  }

  /** The bytes of a file of the folder. Throws a BundleError where it is missing or damaged. */
  async read(name) {
    const { files } = this.manifest;
    if (!Object.hasOwn(files, name) || !FILE_NAME.test(name))
      throw new BundleError(
        `${name} is no file of the folder: its manifest lists ${Object.keys(files).join(', ')}`,
      );
    const bytes = await requireFile(this.#readFile, name);
    const described = files[name];
    if (bytes.length !== described.bytes)
      throw new BundleError(
        `${name} is damaged: it has ${bytes.length} bytes, and the manifest says ${described.bytes}`,
      );
    if ((await sha256(bytes)) !== described.sha256)
      throw new BundleError(`${name} is damaged: its SHA-256 is not that of the manifest`);
    return bytes;
  }

  /** The weights and statistics: a Map from names such as conv1.weight to `{ shape, data }`. */
  async tensors() {
    const name = WEIGHT_FILES[this.target];
    if (name === undefined)
      throw new BundleError(
        `the weights of a folder for ${this.target} are in a file of that framework; read them with it`,
      );
    const bytes = await this.read(name);
    return name.endsWith('.npz') ? readNpz(bytes, name) : readSafetensors(bytes, name);
  }

  /** `images`, bytes `[N, H, W, C]`, and the `logits` `[N, K]` of NormLab for them, each `{ shape, data }`. */
  async golden() {
    const { file } = this.manifest.golden;
    const tensors = readSafetensors(await this.read(file), file);
    return { images: tensors.get('images'), logits: tensors.get('logits') };
  }

  /** The golden images as the input of the network. Their size is that of the input already. */
  async goldenInputs() {
    const { images } = await this.golden();
    return this.normalize(images.data);
  }

  /** The largest difference between logits `[N, K]`, flat, and the golden ones; throws beyond the tolerance. */
  async check(logits) {
    const wanted = (await this.golden()).logits.data;
    if (logits.length !== wanted.length)
      throw new BundleError(`there are ${logits.length} logits, and ${wanted.length} golden ones`);
    let largest = 0;
    wanted.forEach((value, at) => (largest = Math.max(largest, Math.abs(value - Number(logits[at])))));
    if (!(largest <= this.tolerance))
      throw new BundleError(
        `the logits differ from the golden ones by ${largest.toPrecision(3)}, and ${this.tolerance.toPrecision(3)} is allowed`,
      );
    return largest;
  }

  /** An upright image of any size, `{ width, height, channels: 1, 3 or 4, data }`, as the input of the network. */
  prepare(image) {
    return this.normalize(this.resize(image));
  }

  /** An image as bytes `[height, width, channels]` of the network. Of four channels the last is left out. */
  resize({ width, height, channels, data }) {
    if (
      !(width > 0 && height > 0 && [1, 3, 4].includes(channels)) ||
      data.length !== width * height * channels
    )
      throw new RangeError(`${data.length} values are no image of ${width} x ${height} x ${channels}`);
    const facts = this.preprocessing;
    const full = fullSize(width, height, facts);
    const kept = Math.min(channels, 3);
    const across = makeTaps(width, full.width, facts.width, facts.resize);
    const down = makeTaps(height, full.height, facts.height, facts.resize);
    // Columns first, as in Pillow; each pass is rounded to bytes.
    const narrow = new Uint8Array(height * facts.width * kept);
    for (let y = 0; y < height; y += 1)
      for (let x = 0; x < facts.width; x += 1)
        for (let c = 0; c < kept; c += 1)
          narrow[(y * facts.width + x) * kept + c] = weigh(
            across[x],
            data,
            y * width * channels + c,
            channels,
          );
    const row = facts.width * kept;
    const resized = new Uint8Array(facts.height * row);
    for (let y = 0; y < facts.height; y += 1)
      for (let at = 0; at < row; at += 1) resized[y * row + at] = weigh(down[y], narrow, at, row);
    return toChannels(resized, kept, facts.channels);
  }

  /** Bytes `[N, H, W, C]` of the network's size as its input: `{ shape, data }`, float32. */
  normalize(bytes) {
    const {
      height,
      width,
      channels,
      colour,
      layout,
      mean_bytes: mean,
      deviation_bytes: deviation,
    } = this.preprocessing;
    const area = height * width;
    const count = bytes.length / (area * channels);
    if (!Number.isInteger(count))
      throw new RangeError(`${bytes.length} bytes are no images of ${height} x ${width} x ${channels}`);
    const data = new Float32Array(bytes.length);
    const takesBytes = TAKES_BYTES.includes(this.target);
    bytes.forEach((byte, at) => {
      const pixel = Math.floor(at / channels);
      const c = colour === 'BGR' ? channels - 1 - (at % channels) : at % channels;
      const value = takesBytes ? byte : (byte - mean[c]) / deviation[c];
      const [n, place] = [Math.floor(pixel / area), pixel % area];
      data[layout === 'NHWC' ? pixel * channels + c : (n * channels + c) * area + place] = value;
    });
    const shape = layout === 'NHWC' ? [count, height, width, channels] : [count, channels, height, width];
    return { shape, data };
  }
}

async function requireFile(readFile, name) {
  const bytes = await readFile(name);
  if (bytes === null || bytes === undefined) throw new BundleError(`${name} is missing`);
  return bytes;
}

async function sha256(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function readManifest(readFile) {
  const bytes = await requireFile(readFile, MANIFEST);
  let text, manifest;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    manifest = JSON.parse(text);
  } catch (cause) {
    throw new BundleError(`${MANIFEST} is damaged: ${cause.message}`, { cause });
  }
  if (manifest?.format !== 'normlab-bundle') throw new BundleError(`${MANIFEST} is no manifest of NormLab`);
  if (manifest.version !== VERSION)
    throw new BundleError(
      `${MANIFEST} has version ${manifest.version}, and this module reads version ${VERSION}`,
    );
  // The digest is the last value of the text, and covers the text with zeros in its place.
  const digest = String(manifest.sha256);
  const at = text.lastIndexOf(`"${digest}"`) + 1;
  const unsealed = text.slice(0, at) + '0'.repeat(64) + text.slice(at + digest.length);
  if (at === 0 || (await sha256(new TextEncoder().encode(unsealed))) !== digest)
    throw new BundleError(`${MANIFEST} is damaged: its SHA-256 is not the one that it states`);
  return manifest;
}

const ARRAYS = {
  ...{
    F64: Float64Array,
    F32: Float32Array,
    I64: BigInt64Array,
    I32: Int32Array,
    U32: Uint32Array,
    U8: Uint8Array,
  },
  ...{ '<f8': Float64Array, '<f4': Float32Array, '<i8': BigInt64Array, '<i4': Int32Array, '|u1': Uint8Array },
};

/** A copy, since the bytes of a tensor need not begin where its elements may. */
function arrayOf(type, bytes, shape, what) {
  const elements = shape.reduce((product, dim) => product * dim, 1);
  const Type = Object.hasOwn(ARRAYS, type) ? ARRAYS[type] : undefined;
  if (Type === undefined)
    throw new BundleError(`${what} has elements of the type ${type}, which this module does not read`);
  if (bytes.length !== elements * Type.BYTES_PER_ELEMENT)
    throw new BundleError(`${what} has ${bytes.length} bytes`);
  return { shape, data: new Type(new Uint8Array(bytes).buffer) };
}

function viewOf(bytes) {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A safetensors file: the length of its header, the header as JSON, the elements. */
function readSafetensors(bytes, file) {
  const start = 8 + Number(viewOf(bytes).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, start)));
  const tensors = new Map();
  for (const [name, described] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    const [begin, end] = described.data_offsets;
    const held = bytes.subarray(start + begin, start + end);
    tensors.set(name, arrayOf(described.dtype, held, described.shape, `${name} in ${file}`));
  }
  return tensors;
}

/** An archive of stored `.npy` files, found by the directory at its end. Texts are left out. */
function readNpz(bytes, file) {
  const view = viewOf(bytes);
  let end = bytes.length - 22;
  while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) end -= 1;
  if (end < 0) throw new BundleError(`${file} is no zip archive`);
  const tensors = new Map();
  let at = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left > 0; left -= 1) {
    const [method, size, local] = [
      view.getUint16(at + 10, true),
      view.getUint32(at + 24, true),
      view.getUint32(at + 42, true),
    ];
    const nameLength = view.getUint16(at + 28, true);
    const entry = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
    if (method !== 0) throw new BundleError(`${entry} in ${file} is compressed`);
    const begin = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    const array = readNpy(bytes.subarray(begin, begin + size), `${entry} in ${file}`);
    if (array !== null) tensors.set(entry.replace(/\.npy$/, ''), array);
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return tensors;
}

/** A `.npy` file of version 1.0; null for texts. */
function readNpy(bytes, what) {
  const start = 10 + viewOf(bytes).getUint16(8, true);
  const header = new TextDecoder('latin1').decode(bytes.subarray(10, start));
  const [, type] = /'descr': '([^']*)'/.exec(header) ?? [];
  const [, dims] = /'fortran_order': False, 'shape': \(([^)]*)\)/.exec(header) ?? [];
  if (type === undefined || dims === undefined)
    throw new BundleError(`${what} has an unknown header: ${header.trim()}`);
  if (type.startsWith('<U')) return null;
  const shape = dims
    .split(',')
    .map((dim) => dim.trim())
    .filter((dim) => dim !== '')
    .map(Number);
  return arrayOf(type, bytes.subarray(start), shape, what);
}

/** The size that an image is resized to before it is cropped or padded. */
function fullSize(width, height, facts) {
  const wanted = { width: facts.width, height: facts.height };
  if (facts.resize === 'stretch') return wanted;
  if (facts.resize === 'crop') {
    const { resize_width: wide, resize_height: high } = facts;
    return width * high < height * wide
      ? { width: wide, height: Math.floor((wide * height) / width) }
      : { width: Math.floor((high * width) / height), height: high };
  }
  const [byWidth, byHeight] = [width / wanted.width, height / wanted.height];
  const rounded = (side) => Math.max(1, Math.floor(side + 0.5));
  return (facts.resize === 'fit' ? byWidth > byHeight : byWidth < byHeight)
    ? { width: wanted.width, height: rounded(height / byWidth) }
    : { width: rounded(width / byHeight), height: wanted.height };
}

/** For each kept pixel its first source pixel and the weights, times 2^22, of Pillow's antialiased bilinear filter. */
function makeTaps(source, full, wanted, policy) {
  const half = Math.floor((full - wanted) / 2);
  const removesOdd = (full - wanted) % 2 !== 0;
  // Crop rounds half to even, as Python's round; the others round up.
  const offset = removesOdd && (policy !== 'crop' || half % 2 !== 0) ? half + 1 : half;
  const scale = source / full;
  const stretch = Math.max(scale, 1);
  return Array.from({ length: wanted }, (_, index) => {
    const kept = index + offset;
    if (kept < 0 || kept >= full) return { first: 0, weights: [] };
    const centre = (kept + 0.5) * scale;
    const first = Math.max(0, Math.floor(centre - stretch + 0.5));
    const end = Math.min(source, Math.floor(centre + stretch + 0.5));
    const exact = Array.from({ length: end - first }, (_, at) =>
      Math.max(0, 1 - Math.abs((at + first - centre + 0.5) * (1 / stretch))),
    );
    const sum = exact.reduce((total, weight) => total + weight, 0);
    return { first, weights: exact.map((weight) => Math.floor(0.5 + (weight / sum) * WEIGHT_ONE)) };
  });
}

/** The weighted sum of bytes from `at` on, one each `step`, as a byte. */
function weigh({ first, weights }, data, at, step) {
  let sum = WEIGHT_ONE / 2;
  for (let tap = 0; tap < weights.length; tap += 1) sum += data[at + (first + tap) * step] * weights[tap];
  return Math.min(255, Math.floor(sum / WEIGHT_ONE));
}

/** Grey by ITU-R 601, as Pillow's convert("L"), or grey repeated. */
function toChannels(bytes, channels, wanted) {
  if (channels === wanted) return bytes;
  if (wanted === 3)
    return Uint8Array.from({ length: bytes.length * 3 }, (_, at) => bytes[Math.floor(at / 3)]);
  return Uint8Array.from({ length: bytes.length / 3 }, (_, at) => {
    const [red, green, blue] = bytes.subarray(at * 3, at * 3 + 3);
    return (19595 * red + 38470 * green + 7471 * blue + 32768) >> 16;
  });
}

import { describe, expect, it } from 'vitest';
import { allTensors, groupAt, tensorAt } from '#core/import/keras/h5Group.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { writeHdf5 } from '../testing/writeHdf5.ts';
import { realFiles } from '../testing/realFiles.ts';
import { hdf5Library } from './library.ts';
import { readHdf5 } from './readHdf5.ts';
import { readTree } from './readTree.ts';
import { tryHdf5 } from './tryHdf5.ts';

async function refusal(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  try {
    await readTree(bytes, 'x.h5');
  } catch (error) {
    if (error instanceof AppError && error.code === 'model-invalid') return error.message;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('an HDF5 file', () => {
  it('has groups, texts and tensors', async () => {
    const bytes = await writeHdf5((root) => {
      root.create_attribute('keras_version', '3.1');
      root.create_attribute('names', ['a', 'bb', '中']);
      root.create_attribute('number', 5);
      const group = root.create_group('layers');
      group.create_dataset({ name: 'k', data: new Float32Array([1, 2, 3, 4, 5, 6]), shape: [2, 3] });
      group.create_dataset({ name: 'n', data: new Float64Array([0.1, 1e300]), shape: [2] });
      group.create_dataset({ name: 'i', data: new Int32Array([-7]), shape: [] });
    });
    const root = await readHdf5(bytes, 'x.h5');
    expect([...root.texts]).toEqual([
      ['keras_version', '3.1'],
      ['names', ['a', 'bb', '中']],
    ]);
    const kernel = tensorAt(root, 'layers/k');
    expect(kernel).toMatchObject({ name: 'layers/k', dims: [2, 3], dtype: 'f32' });
    expect(kernel?.read()).toEqual(new Float32Array([1, 2, 3, 4, 5, 6]));
    expect(tensorAt(root, 'layers/n')?.read()).toEqual(new Float32Array([0.1, Infinity]));
    expect(tensorAt(root, 'layers/i')).toMatchObject({ dims: [], dtype: 'i32' });
    expect(tensorAt(root, 'layers/i')?.read()).toEqual(new Float32Array([-7]));
    expect(groupAt(root, 'layers')?.groups.size).toBe(0);
  });

  it('is read piece by piece where it is large, compressed or not', async () => {
    const rows = 1500;
    const data = Float32Array.from({ length: rows * 1000 }, (_, index) => index % 9973);
    const bytes = await writeHdf5((root) => {
      root.create_dataset({ name: 'plain', data, shape: [rows, 1000] });
      root.create_dataset({ name: 'packed', data, shape: [rows, 1000], chunks: [200, 1000], compression: 1 });
    });
    const root = await readTree(bytes, 'x.h5');
    const read = (name: string): Float32Array => tensorAt(root, name)?.read() ?? new Float32Array();
    expect(Buffer.compare(Buffer.from(read('plain').buffer), Buffer.from(data.buffer))).toBe(0);
    expect(Buffer.compare(Buffer.from(read('packed').buffer), Buffer.from(data.buffer))).toBe(0);
  });

  it('leaves no file behind in the library', async () => {
    const { module } = await hdf5Library();
    const list = (): unknown => module.FS.readdir('/');
    const before = list();
    const root = await readTree(realFiles.weights(), 'x.h5');
    allTensors(root).forEach((tensor) => tensor.read());
    await refusal(new Uint8Array(100));
    expect(list()).toEqual(before);
  });
});

describe('refused are', () => {
  it('files that are no HDF5, without a word on the terminal', async () => {
    expect(await refusal(new Uint8Array(1000))).toBe(
      'x.h5 is broken: its HDF5 structure is damaged. Take another copy of it.',
    );
    expect(await refusal(new Uint8Array(0))).toContain('damaged');
  });

  it('links to another place', async () => {
    const soft = await writeHdf5((root) => {
      root.create_group('a');
      root.create_soft_link('/a', 'b');
    });
    expect(await refusal(soft)).toContain('the entry b is a link');
    const external = await writeHdf5((root) => root.create_external_link('/etc/passwd', '/', 'c'));
    expect(await refusal(external)).toContain('the entry c is a link');
  });

  it('groups that contain themselves', async () => {
    const bytes = await writeHdf5((root) => {
      root.create_group('a').create_hard_link('/a', 'b');
    });
    expect(await refusal(bytes)).toContain('nested more than 64 deep');
    const wide = await writeHdf5((root) => {
      const group = root.create_group('a');
      for (let index = 0; index < 12; index += 1) group.create_hard_link('/a', `b${index}`);
    });
    expect(await refusal(wide)).toMatch(/nested more than|more than 50000 groups/);
  });

  it('tensors larger than the file', async () => {
    const bytes = await writeHdf5((root) => {
      const data = new Float32Array(64);
      root
        .create_dataset({ name: 'big', data, shape: [64], maxshape: [null], chunks: [64] })
        .resize([2 ** 40]);
    });
    expect(await refusal(bytes)).toContain('the tensor big takes 4398046511104 bytes');
    const linked = await writeHdf5((root) => {
      root.create_dataset({ name: 't', data: new Float32Array(1000), shape: [1000] });
      for (let index = 0; index < 50; index += 1) root.create_hard_link('/t', `t${index}`);
    });
    expect(await refusal(linked)).toContain('more than the file holds');
  });
});

describe('damaged files', () => {
  it('are read or refused, and the library works afterwards', async () => {
    const good = realFiles.old();
    let seed = 1;
    const random = (limit: number): number => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % limit;
    };
    for (let round = 0; round < 150; round += 1) {
      const bytes = round % 3 === 0 ? good.slice(0, random(good.length)) : good.slice();
      for (let at = 0; round % 3 !== 0 && at < 8; at += 1) {
        // Structure stands in the first bytes of the file; text and tensors fill most of the others.
        const where = round % 3 === 1 ? random(bytes.length) : random(2048);
        bytes[where] = random(256);
      }
      try {
        const root = await readTree(bytes, 'x.h5');
        allTensors(root).forEach((tensor) => tensor.read());
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
      }
    }
    const root = await readTree(good, 'x.h5');
    expect(allTensors(root)).toHaveLength(8);
  });

  it('on which libhdf5 runs for ever are given up', async () => {
    const bytes = realFiles.old();
    // The size of a text in the global heap, so large that it wraps around 32 bits.
    bytes[4538] = 255;
    bytes[5672] = 255;
    const trial = tryHdf5(bytes, 'x.h5', 2);
    await expect(trial).rejects.toMatchObject({ code: 'model-invalid', said: { key: 'importing.broken' } });
    await expect(trial).rejects.toThrow('does not come to an end');
  });

  it('are refused by the trial as by the reader', async () => {
    await expect(readHdf5(new Uint8Array(100), 'x.h5')).rejects.toThrow('its HDF5 structure is damaged');
  });
});

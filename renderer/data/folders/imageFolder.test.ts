import { ref } from 'vue';
import { describe, expect, it } from 'vitest';
import type { LabEvent } from '#core/contract/labApi.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { asIs } from '#core/words/message.ts';
import type { Lab } from '../../client/useLab.ts';
import { ImageFolder } from './imageFolder.ts';

const SUMMARY = { classes: [{ name: 'a', count: 1 }], images: 1, skipped: [], warnings: [], typical: null };

interface Asked {
  readonly method: string;
  readonly params: Record<string, string>;
  answer(result: unknown): void;
  refuse(error: AppError): void;
}

/** A lab whose answers the test sends, one by one. */
function fakeLab() {
  const asked: Asked[] = [];
  const handlers: ((event: LabEvent) => void)[] = [];
  const lab = {
    connection: ref({ kind: 'open' }),
    call: (method: string, params: Record<string, string>) =>
      new Promise((answer, refuse) => asked.push({ method, params, answer, refuse })),
    on: (_name: string, handler: (event: LabEvent) => void) => handlers.push(handler),
  };
  const tick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
  return {
    lab: lab as unknown as Lab,
    asked,
    emit: (event: LabEvent) => handlers.forEach((handle) => handle(event)),
    tick,
  };
}

const grantOf = (path: string) => ({ grant: `g:${path}`, path, name: path });

describe('ImageFolder', () => {
  it('asks for the folder that the project names, scans it and tells progress', async () => {
    const { lab, asked, emit, tick } = fakeLab();
    const folder = new ImageFolder(lab);
    void folder.open('/p');
    expect(folder.state.value).toEqual({ kind: 'opening', path: '/p' });
    asked[0]?.answer(grantOf('/p'));
    await tick();
    expect(asked[1]).toMatchObject({ method: 'data.scan', params: { folder: 'g:/p' } });
    emit({ event: 'dataProgress', scanId: asked[1]?.params['scanId'] ?? '', done: 4, total: 9 });
    expect(folder.state.value).toMatchObject({ kind: 'scanning', done: 4, total: 9 });
    asked[1]?.answer({ folder: grantOf('/p'), summary: SUMMARY });
    await tick();
    expect(folder.state.value).toMatchObject({ kind: 'ready', summary: SUMMARY });
  });

  it('does not ask for a folder that was just chosen, nor scan one twice', async () => {
    const { lab, asked, tick } = fakeLab();
    const folder = new ImageFolder(lab);
    folder.adopt(grantOf('/p'));
    void folder.open('/p');
    await tick();
    expect(asked.map((call) => call.method)).toEqual(['data.scan']);
    asked[0]?.answer({ folder: grantOf('/p'), summary: SUMMARY });
    await tick();
    await folder.open(null);
    expect(folder.state.value.kind).toBe('none');
    await folder.open('/p');
    expect(folder.state.value.kind).toBe('ready');
    expect(asked.length).toBe(1);
  });

  it('drops the answer for a folder that was left meanwhile, and cancels its scan', async () => {
    const { lab, asked, tick } = fakeLab();
    const folder = new ImageFolder(lab);
    folder.adopt(grantOf('/old'));
    folder.adopt(grantOf('/new'));
    void folder.open('/old');
    await tick();
    void folder.open('/new');
    await tick();
    expect(asked.map((call) => call.method)).toEqual(['data.scan', 'data.cancelScan', 'data.scan']);
    asked[0]?.refuse(new AppError('interrupted', asIs('Cancelled.')));
    asked[2]?.answer({ folder: grantOf('/new'), summary: SUMMARY });
    await tick();
    expect(folder.state.value).toMatchObject({ kind: 'ready', folder: { path: '/new' } });
  });

  it('tells a folder that cannot be opened from one that cannot be scanned', async () => {
    const { lab, asked, tick } = fakeLab();
    const folder = new ImageFolder(lab);
    void folder.open('/away');
    asked[0]?.refuse(new AppError('grant-unknown', asIs('Outside.')));
    await tick();
    expect(folder.state.value).toMatchObject({
      kind: 'lost',
      path: '/away',
      error: { code: 'grant-unknown' },
    });
    folder.adopt(grantOf('/away'));
    await tick();
    asked[1]?.refuse(new AppError('folder-no-images', asIs('No images.')));
    await tick();
    expect(folder.state.value).toMatchObject({ kind: 'failed', error: { code: 'folder-no-images' } });
    folder.rescan();
    expect(folder.state.value.kind).toBe('scanning');
  });
});

import { describe, expect, it } from 'vitest';
import type { GroupRule } from '#core/document/groupRule.ts';
import { told } from '#core/words/testing.ts';
import { divideScan } from './divideScan.ts';
import { scanFolder, type FolderScan } from '../scan/scanFolder.ts';
import { picture as image, temporaryFolder, writeFiles } from '../testing/imageFolder.ts';
import { groupKeys } from './groupKeys.ts';
import { sharedGroupsWarning } from './sharedGroups.ts';

/** Ten patients with four images each, of two classes in turn. */
async function patients(prefix = 'p', first = 0): Promise<string> {
  const folder = temporaryFolder();
  for (let patient = 0; patient < 10; patient += 1)
    for (let shot = 0; shot < 4; shot += 1)
      writeFiles(folder, {
        [`${shot % 2 ? 'ill' : 'well'}/${prefix}${patient}_${shot}.png`]: await image(
          first + patient * 4 + shot,
        ),
      });
  return folder;
}

const byPattern = (pattern: string): GroupRule => ({ by: 'pattern', pattern });
const filesOf = (scan: FolderScan, side: Uint32Array): string[] =>
  Array.from(side, (index) => scan.images.fileOf(index));

describe('groups of images', () => {
  it('by a pattern stay on one side, and are told', async () => {
    const scan = await scanFolder(await patients());
    const division = {
      validationFraction: 0.2,
      crossValidation: null,
      seed: 1,
      groups: byPattern('(p\\d+)_'),
    };
    const { train, validation, groupSplit } = divideScan(scan, division);
    expect(validation).toHaveLength(8);
    const patientsOn = (side: Uint32Array): Set<string> =>
      new Set(filesOf(scan, side).map((file) => /p\d+/.exec(file)?.[0] ?? ''));
    expect([...patientsOn(validation)].filter((patient) => patientsOn(train).has(patient))).toEqual([]);
    expect(groupSplit).toEqual({
      rule: division.groups,
      groups: 10,
      validationGroups: 2,
      ungrouped: 0,
      asked: 0.2,
      share: 0.2,
      trainOnly: [],
    });
    const folds = [1, 2, 3, 4, 5].map(
      (fold) => divideScan(scan, { ...division, crossValidation: { folds: 5, fold } }).validation,
    );
    expect(new Set(folds.flatMap((side) => [...side])).size).toBe(40);
    expect(folds.every((side) => patientsOn(side).size === 2)).toBe(true);
  });

  it('by a column of the table stay on one side', async () => {
    const folder = temporaryFolder();
    for (let at = 0; at < 12; at += 1) writeFiles(folder, { [`${at}.png`]: await image(at) });
    const rows = Array.from(
      { length: 12 },
      (_, at) => `${at}.png,${at % 2 ? 'ill' : 'well'},${at === 11 ? '' : `s${at >> 1}`}`,
    );
    writeFiles(folder, { 'labels.csv': `file,label,Session Id\n${rows.join('\n')}\n` });
    const scan = await scanFolder(folder);
    const keys = groupKeys(scan, { by: 'column', column: 'session_id' });
    expect([...scan.images].map(({ file }, at) => [file, keys[at]])).toContainEqual(['3.png', 's1']);
    expect(keys.filter((key) => key === null)).toHaveLength(1);
    expect(() => groupKeys(scan, { by: 'column', column: 'ward' })).toThrow(
      /no column “ward”; its header is “file, label, Session Id”/,
    );
  });

  it('are refused where they cannot be told, in one sentence', async () => {
    const scan = await scanFolder(await patients());
    expect(() => groupKeys(scan, byPattern('patient'))).toThrow(
      /matches none of the 40 images \(the first is “ill\/p0_1.png”\)/,
    );
    expect(() => groupKeys(scan, { by: 'column', column: 'ward' })).toThrow(/need a table of labels/);
    expect(() => groupKeys(scan, byPattern('('))).toThrow(/cannot be used: a “\(” has no “\)”/);
  });

  it('that stand in both folders are told', async () => {
    const [train, other, apart] = [await patients(), await patients('p', 500), await patients('q', 900)];
    const scans = [await scanFolder(train), await scanFolder(other), await scanFolder(apart)] as const;
    const rule = byPattern('([pq]\\d+)_');
    expect(told(sharedGroupsWarning(scans[0], scans[1], rule))).toMatch(
      /^10 groups are in both the training and the validation folder \(“p0”, …\)/,
    );
    expect(sharedGroupsWarning(scans[0], scans[2], rule)).toBeNull();
    expect(sharedGroupsWarning(scans[0], scans[1], null)).toBeNull();
  });
});

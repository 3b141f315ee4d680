import { describe, expect, it } from 'vitest';
import { RUN_PHASES } from '#core/contract/run.ts';
import { message } from '#core/words/message.ts';
import { endingsOf, pageTitle } from './endings.ts';
import { REMOTE, runFixture } from '../runs/testing/runFixture.ts';

describe('endingsOf', () => {
  const running = runFixture({ phase: 'running' });

  it('tells of a run that finished or failed, once, and of none that the user stopped', () => {
    for (const phase of RUN_PHASES) {
      const now = [runFixture({ phase })];
      expect(endingsOf([running], now)).toEqual(['finished', 'failed'].includes(phase) ? now : []);
      expect(endingsOf(now, now)).toEqual([]);
    }
  });

  it('tells of a run elsewhere too, also when it ended while its folder was away', () => {
    for (const phase of ['running', 'silent', 'away'] as const) {
      const [before, now] = [phase, 'finished' as const].map((each) =>
        runFixture({ phase: each, remote: REMOTE }),
      );
      expect(endingsOf(before ? [before] : [], now ? [now] : [])).toEqual([now]);
    }
  });

  it('tells of none that was found ended, or is gone', () => {
    expect(endingsOf([], [runFixture({ phase: 'finished' })])).toEqual([]);
    expect(endingsOf([running], [])).toEqual([]);
  });
});

describe('pageTitle', () => {
  const base = { appName: 'NormLab', project: 'birds', isDirty: true, live: null, isOwn: true };

  it('names project and app', () => {
    expect(pageTitle(base)).toBe('* birds – NormLab');
    expect(pageTitle({ ...base, project: null, isDirty: false })).toBe('NormLab');
  });

  it('begins with the share done, so that a narrow tab shows it', () => {
    const live = runFixture({ phase: 'running', step: 43, steps: 100, name: 'cats' });
    expect(pageTitle({ ...base, live })).toBe('43 % · * birds – NormLab');
    expect(pageTitle({ ...base, live, isOwn: false })).toBe('43 % cats · * birds – NormLab');
    const preparing = { ...live, progress: { label: message('work.scanning'), done: 1, total: 2 } };
    expect(pageTitle({ ...base, live: preparing })).toBe('… · * birds – NormLab');
  });
});

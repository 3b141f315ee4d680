import { describe, expect, it } from 'vitest';
import { sampleJudgement } from '../testing/sampleJudgement.ts';
import { evaluationReport, reportedImages } from './evaluationReport.ts';

const HOSTILE = '<script>alert("x")</script>&\'';

describe('evaluationReport', () => {
  it('holds its images, refers to nothing outside itself and runs no script', async () => {
    const judged = await sampleJudgement(60, 4);
    const shown = reportedImages(judged);
    const thumbnails = new Map([...shown].map((image) => [image, `data:image/jpeg;base64,${image}=`]));
    const html = evaluationReport(judged, { language: 'en', thumbnails });
    for (const image of shown) expect(html).toContain(`src="data:image/jpeg;base64,${image}="`);
    expect(html).not.toMatch(/<script|<link|<iframe|https?:|url\(|@import|\son\w+=/i);
    expect(html).toContain(`default-src &#39;none&#39;`);
    for (const word of ['Accuracy', 'Calibration', 'Most wrong images', 'class 3'])
      expect(html).toContain(word);
    expect(html).toContain((judged.figures.accuracy?.value ?? NaN).toFixed(4));
  });

  it('escapes names, and makes control characters visible', async () => {
    const judged = await sampleJudgement(60, 4, (k) => `${HOSTILE}\u001b[31m${k}`);
    const html = evaluationReport(judged, { language: 'en', thumbnails: new Map() });
    expect(html).not.toContain('<script');
    expect(html).not.toContain('\u001b');
    expect(html).toContain('&#60;script&#62;');
    expect(html).toContain('not readable');
  });

  it('speaks Chinese', async () => {
    const html = evaluationReport(await sampleJudgement(60, 2), { language: 'zh-CN', thumbnails: new Map() });
    expect(html).toContain('<html lang="zh-CN">');
    expect(html).toContain('混淆矩阵');
    expect(html).not.toMatch(/Accuracy|Confusion|interval/);
  });

  it('has a number in the matrix for each cell that is not empty, and a table of pairs for many classes', async () => {
    const few = await sampleJudgement(60, 4);
    const html = evaluationReport(few, { language: 'en', thumbnails: new Map() });
    expect(html.match(/<rect class="(?:right|wrong)"/g)).toHaveLength(few.record.confusion.length);
    const many = evaluationReport(await sampleJudgement(1000, 200), {
      language: 'en',
      thumbnails: new Map(),
    });
    expect(many).not.toMatch(/<rect class="(?:right|wrong)"/);
    expect(many).toContain('Most confused pairs');
    expect(many.length).toBeLessThan(200_000);
  });
});

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { createDocument } from '../../core/document/create.ts';
import type { GraphDocument } from '../../core/document/schema.ts';
import { serializeDocument } from '../../core/document/serialize.ts';
import { networkSource } from '../../core/export/networkSource.ts';
import { sourceText } from '../../core/export/sourceLine.ts';
import { checkGraph } from '../../core/graph/checkGraph.ts';
import { GraphBuilder } from '../../core/templates/graphBuilder.ts';
import { testIds } from '../../renderer/testIds/testIds.ts';
import { projectFromTemplate } from '../../renderer/welcome/startProjects.ts';
import { expectAccessible } from '../fixtures/axe.ts';
import { LabServer } from '../fixtures/labServer.ts';
import { expectNoEnglish } from '../fixtures/noEnglish.ts';
import { station } from '../fixtures/station.ts';
import { EditorPage } from '../pages/editorPage.ts';
import { FilesPage } from '../pages/filesPage.ts';

let lab: LabServer;
test.beforeEach(async () => {
  lab = await LabServer.start();
});
test.afterEach(() => lab[Symbol.asyncDispose]());

async function openTemplate(page: Page, name = 'mnist-cnn-bn'): Promise<EditorPage> {
  await page.goto(lab.url);
  await page.getByTestId(testIds.welcomeTemplate(name)).click();
  await expect(page.getByTestId(testIds.canvas)).toBeVisible();
  return new EditorPage(page);
}

/** An average pooling whose padding differs from side to side, which Keras cannot express. */
function unevenPool(): GraphDocument {
  const builder = new GraphBuilder();
  const size = { height: 7, width: 7, channels: 3 };
  const uneven = {
    padding: 'explicit',
    pad: 1,
    stride: 1,
    countPadding: false,
    asymmetric: true,
    padLeft: 0,
  };
  const input = builder.add('input', 'input', [0, 0], [], size);
  const pool = builder.add('pool', 'avgPool', [0, 1], [input], { kernel: 3, ...uneven });
  const flat = builder.add('flat', 'flatten', [0, 2], [pool]);
  const head = builder.add('head', 'dense', [0, 3], [flat], { units: 3 });
  builder.add('output', 'output', [0, 4], [head]);
  const { graph, positions } = builder.build();
  return { ...createDocument('Pool', 'pool'), graph, layout: { positions } };
}

const codeOf = (page: Page) => page.getByTestId(testIds.sourceCode);
/** The lines that are marked as those of the selected blocks. */
const marked = (page: Page) => codeOf(page).locator('.line.on');

test('the source follows the network, is copied and saved whole, and is kept open', async ({
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const editor = await openTemplate(page);
  const code = codeOf(page);

  await test.step('a button beside the canvas and a key show and hide it', async () => {
    await expect(code).toHaveCount(0);
    await page.getByTestId(testIds.sourceToggle).click();
    await expect(code).toContainText('self.bn1 = nn.BatchNorm2d(32)');
    await page.keyboard.press('Control+u');
    await expect(code).toHaveCount(0);
    await page.keyboard.press('Control+u');
    await expect(code).toBeVisible();
  });

  await test.step('an edit changes it, and so does undo', async () => {
    await editor.setParam('conv1', 'filters', '48');
    await expect(code).toContainText('self.bn1 = nn.BatchNorm2d(48)');
    await editor.undo();
    await expect(code).toContainText('self.bn1 = nn.BatchNorm2d(32)');
    await editor.redo();
    await expect(code).toContainText('self.bn1 = nn.BatchNorm2d(48)');
    await editor.undo();
  });

  await test.step('the whole file is copied, and saved, as an export writes it', async () => {
    const document = projectFromTemplate('mnist-cnn-bn');
    const { graph } = checkGraph(document.graph);
    if (graph === null) throw new Error('the template has errors');
    const project = await page.getByTestId(testIds.projectTab(0)).innerText();
    const expected = sourceText(networkSource(project.trim(), graph, 'pytorch').lines);
    await page.getByTestId(testIds.sourceCopy).click();
    await expect(page.getByTestId(testIds.sourceCopy)).toHaveText('Copied');
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(expected);
    const saving = page.waitForEvent('download');
    await page.getByTestId(testIds.sourceSave).click();
    const saved = await saving;
    expect(saved.suggestedFilename()).toBe('model.py');
    expect(readFileSync(await saved.path(), 'utf8')).toBe(expected);

    // What is selected by hand has no line numbers, and every line break.
    await code.focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Control+c');
    const byHand = await page.evaluate(() => navigator.clipboard.readText());
    expect(byHand.trimEnd()).toBe(expected.trimEnd());
  });

  await test.step('after a reload it is open as before', async () => {
    await page.getByTestId(testIds.sourceFormat('keras')).click();
    await expect(code).toContainText('layers.BatchNormalization');
    await page.reload();
    await expect(code).toContainText('layers.BatchNormalization');
    await page.getByTestId(testIds.sourceClose).click();
    await expect(code).toHaveCount(0);
  });
});

test('blocks and lines lead to each other, by pointer and by keyboard', async ({ page }) => {
  const editor = await openTemplate(page, 'resnet20');
  const code = codeOf(page);
  await page.getByTestId(testIds.sourceToggle).click();
  await expect(code).toContainText('import');

  await test.step('a line selects its block', async () => {
    await code.getByText('def forward(self, images):').click();
    await expect(page.getByTestId(testIds.inspectorTitle)).toContainText('Input');
    await expect(marked(page)).toHaveText([/def forward/]);
  });

  await test.step('a block marks its lines and brings them into view', async () => {
    await code.evaluate((element) => {
      element.scrollTop = element.scrollHeight;
    });
    await expect(code.locator('[data-line="1"]')).not.toBeInViewport();
    await editor.deselect();
    await editor.block('input').click();
    await expect(marked(page)).toHaveCount(1);
    await expect(marked(page)).toBeInViewport();
    await station(page, 'source-1-pytorch');
    await expectAccessible(page, 'source code');
  });

  await test.step('arrow keys go from block to block', async () => {
    await code.getByText('def forward(self, images):').click();
    await page.keyboard.press('ArrowDown');
    await expect(marked(page).last()).toContainText('self.');
    const first = await page.getByTestId(testIds.inspectorTitle).innerText();
    await page.keyboard.press('ArrowDown');
    await expect(page.getByTestId(testIds.inspectorTitle)).not.toHaveText(first);
    await page.keyboard.press('ArrowUp');
    await expect(page.getByTestId(testIds.inspectorTitle)).toHaveText(first);
  });

  await test.step('selecting text with the pointer selects no block', async () => {
    await editor.deselect();
    const line = code.getByText('def forward(self, images):');
    await line.scrollIntoViewIfNeeded();
    const box = await line.boundingBox();
    if (box === null) throw new Error('the line is not visible');
    await page.mouse.move(box.x + 1, box.y + 8);
    await page.mouse.down();
    await page.mouse.move(box.x + 90, box.y + 8, { steps: 4 });
    await page.mouse.up();
    expect(await page.evaluate(() => String(window.getSelection()).length)).toBeGreaterThan(3);
    await expect(marked(page)).toHaveCount(0);
  });
});

test('a network with errors keeps its last source, and says why', async ({ page }) => {
  const editor = await openTemplate(page);
  await page.getByTestId(testIds.sourceToggle).click();
  const code = codeOf(page);
  await expect(code).toContainText('nn.Conv2d(1, 32');
  await editor.block('bn1').click();
  await page.keyboard.press('Delete');
  await expect(code).not.toContainText('BatchNorm2d');
  await editor.block('conv1').click();
  await page.keyboard.press('Delete');
  await editor.block('dense1').click();

  await test.step('the reason leads to the block', async () => {
    await editor.undo();
    await editor.undo();
    await expect(code).toContainText('BatchNorm2d');
    await page.getByTestId(testIds.canvas).focus();
    await editor.block('input').click();
    await page.keyboard.press('Delete');
    const stale = page.getByTestId(testIds.sourceStale);
    await expect(stale).toContainText('The network has errors');
    await expect(code).toContainText('nn.Conv2d(1, 32');
    await expect(code).toHaveClass(/stale/);
    await station(page, 'source-2-stale');
    await expectAccessible(page, 'source code of a network with errors');
    await page.getByTestId(testIds.sourceFormat('keras')).click();
    await expect(code).toContainText('layers.Conv2D');
    await editor.undo();
    await expect(stale).toHaveCount(0);
    await expect(code).not.toHaveClass(/stale/);
  });

  await test.step('a project that was never valid has a reason instead of a source', async () => {
    await page.getByTestId(testIds.newProject).click();
    await page.getByTestId(testIds.welcomeTemplate('empty')).click();
    await expect(page.getByTestId(testIds.sourceStale)).toContainText('as soon as they are fixed');
    await expect(code).toHaveCount(0);
  });
});

test('what a framework expresses in another way, or not at all, is said under the source', async ({
  page,
}) => {
  await openTemplate(page, 'vgg-bn');
  await page.getByTestId(testIds.sourceToggle).click();
  await page.getByTestId(testIds.sourceFormat('keras')).click();
  await expect(page.getByTestId(testIds.sourceNotes)).toContainText('averages unbiased variances');
  await station(page, 'source-3-keras');
  await expectAccessible(page, 'source code for Keras');
  await page.getByTestId(testIds.sourceFormat('pytorch')).click();
  await expect(page.getByTestId(testIds.sourceNotes)).toHaveCount(0);

  const file = join(lab.folder, 'pool.normlab.json');
  writeFileSync(file, serializeDocument(unevenPool()));
  await page.getByTestId(testIds.newProject).click();
  await new FilesPage(page).open(file);
  await expect(codeOf(page)).toContainText('UnevenAvgPool2d');
  await page.getByTestId(testIds.sourceFormat('keras')).click();
  const refused = page.getByTestId(testIds.sourceRefused);
  await expect(refused).toContainText('Keras 3 cannot express this network');
  await expect(refused).toContainText('average pooling of Keras cannot leave out this padding');
  await expect(codeOf(page)).toHaveCount(0);
  await expect(page.getByTestId(testIds.sourceCopy)).toBeDisabled();
  await station(page, 'source-4-refused');
});

test.describe('in Chinese', () => {
  test.use({ locale: 'zh-CN' });
  test('the pane has no English but the code', async ({ page }) => {
    const editor = await openTemplate(page, 'vgg-bn');
    await page.getByTestId(testIds.sourceToggle).click();
    await page.getByTestId(testIds.sourceFormat('keras')).click();
    await expect(page.getByTestId(testIds.sourceNotes)).toBeVisible();
    await codeOf(page).evaluate((element) => {
      element.style.display = 'none';
    });
    await expectNoEnglish(page, 'source');
    await editor.block('input').click();
    await page.keyboard.press('Delete');
    await expect(page.getByTestId(testIds.sourceStale)).toBeVisible();
    await codeOf(page).evaluate((element) => {
      element.style.display = 'none';
    });
    await expectNoEnglish(page, 'source-errors');
  });
});

import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { entriesOf } from '../../core/diagnostics/entries.ts';
import { toNodeId } from '../../core/diagnostics/ids.ts';
import { endpoint } from '../../core/document/endpoint.ts';
import type { GraphDocument } from '../../core/document/schema.ts';
import { tinyDocument } from '../../core/training/testing/tinyRun.ts';
import { compareTestIds } from '../../renderer/testIds/compareTestIds.ts';
import { dockTestIds } from '../../renderer/testIds/dockTestIds.ts';
import { modelTestIds } from '../../renderer/testIds/modelTestIds.ts';
import { testIds } from '../../renderer/testIds/testIds.ts';
import { expectAccessible } from '../fixtures/axe.ts';
import { LabServer } from '../fixtures/labServer.ts';
import { writeModel } from '../fixtures/modelFile.ts';
import { expectNoEnglish } from '../fixtures/noEnglish.ts';
import { station } from '../fixtures/station.ts';
import { EditorPage } from '../pages/editorPage.ts';
import { FilePicker } from '../pages/filePicker.ts';

/** The tiny network with another epsilon, and without its ReLU. */
function otherNetwork(): GraphDocument {
  const document = tinyDocument();
  const [bn, relu] = [toNodeId('bn1'), toNodeId('relu1')];
  const { [relu]: _, ...nodes } = document.graph.nodes;
  const { [bn]: norm } = nodes;
  const source = document.graph.wires[endpoint(relu, 'in')];
  const wires = entriesOf(document.graph.wires)
    .filter(([to]) => to !== endpoint(relu, 'in'))
    .map(([to, from]) => [to, from === endpoint(relu, 'out') ? source : from]);
  const changed = { ...norm, kind: 'batchNorm', params: { ...norm?.params, epsilon: 1e-3 } };
  return {
    ...document,
    graph: {
      nodes: { ...nodes, [bn]: changed },
      wires: Object.fromEntries(wires) as GraphDocument['graph']['wires'],
    },
  };
}

async function openPanel(page: Page, lab: LabServer): Promise<void> {
  writeModel(join(lab.folder, 'one.safetensors'), { document: tinyDocument() });
  const moved = { 'dense1.bias': 0.25, 'bn1.mean': 0.01 };
  writeModel(join(lab.folder, 'two.safetensors'), { document: otherNetwork(), moved });
  await page.goto(lab.url);
  await page.getByTestId(testIds.welcomeTemplate('mnist-cnn-bn')).click();
  await new EditorPage(page).openDock('compare');
}

async function chooseFile(page: Page, lab: LabServer, side: 'a' | 'b', name: string): Promise<void> {
  await page.getByTestId(compareTestIds.choose(side)).click();
  await page.getByTestId(modelTestIds.source('file')).click();
  await page.getByTestId(modelTestIds.chooseFile).click();
  await new FilePicker(page).goTo(lab.folder);
  await page.getByTestId(dockTestIds.fileEntry(name)).dblclick();
  await expect(page.getByTestId(compareTestIds.choose(side))).toHaveText(name);
}

test('two model files are compared: BatchNorm first, tensors, networks, and both as one graph', async ({
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await using lab = await LabServer.start();
  await openPanel(page, lab);
  await expect(page.getByTestId(compareTestIds.start)).toBeDisabled();
  await chooseFile(page, lab, 'a', 'one.safetensors');
  await chooseFile(page, lab, 'b', 'two.safetensors');
  await page.getByTestId(compareTestIds.start).click();
  const verdict = page.getByTestId(compareTestIds.verdict);
  await expect(verdict).toContainText('The largest difference is 0.250');
  await expect(verdict).toContainText('The networks or their settings differ.');
  await page.getByTestId(testIds.dockFull).click();

  const table = page.getByTestId(compareTestIds.table);
  const card = (id: string) => page.getByTestId(compareTestIds.card(id));
  await test.step('BatchNorm: settings and statistics', async () => {
    await expect(table).toContainText('1e-5 → 1e-3');
    await expect(page.getByTestId(compareTestIds.row('bn1 bn1'))).toContainText('0.01');
    await expectAccessible(page, 'comparison');
  });

  await test.step('a row of the tensors leads to its block, and a block to its row', async () => {
    await page.getByTestId(compareTestIds.tab('tensors')).click();
    await page.getByTestId(compareTestIds.search).fill('dense');
    await expect(table.locator('tr.row')).toHaveCount(1);
    await page.getByTestId(compareTestIds.row('dense1.bias dense1.bias')).click();
    await expect(page.getByTestId(compareTestIds.detail)).toContainText('1 of 2 tensors differ');
    await expect(card('dense1').locator('.card.selected')).toBeVisible();
    await page.getByTestId(compareTestIds.search).fill('');
    await page.getByTestId(compareTestIds.fit).click();
    await card('bn1').click();
    await expect(page.getByTestId(compareTestIds.detail)).toContainText('1e-5 → 1e-3');
    await expect(page.getByTestId(compareTestIds.row('bn1.mean bn1.mean'))).toHaveAttribute(
      'aria-current',
      'true',
    );
    await station(page, 'compare-1-tensors');
  });

  await test.step('the graph has the removed block and both wires', async () => {
    await expect(card('relu1')).toHaveClass(/onlyA/);
    await expect(card('bn1')).toHaveClass(/changed/);
    const canvas = page.getByTestId(compareTestIds.canvas);
    await expect(canvas.locator('.vue-flow__edge.onlyA')).toHaveCount(2);
    await expect(canvas.locator('.vue-flow__edge.onlyB')).toHaveCount(1);
    await page.getByTestId(compareTestIds.next).click();
    await expect(page.getByTestId(compareTestIds.detail)).toContainText('relu1');
    await page.getByTestId(compareTestIds.tab('network')).click();
    await expect(table).toContainText('Epsilon');
  });

  await test.step('arrow keys go through the rows; the result is copied as text', async () => {
    await page.getByTestId(compareTestIds.tab('tensors')).click();
    await page.getByTestId(compareTestIds.onlyDiffering).click();
    await page.locator('.scroll:has(table)').last().focus();
    await page.keyboard.press('End');
    await expect(table.locator('tr.row').last()).toHaveAttribute('aria-current', 'true');
    await page.getByTestId(compareTestIds.copy).click();
    const text = await page.evaluate(() => navigator.clipboard.readText());
    expect(text).toContain('B: two.safetensors');
    expect(text).toContain('dense1.bias\t0.25');
  });

  await test.step('swapped, the removed block is an added one', async () => {
    await page.getByTestId(compareTestIds.swap).click();
    await expect(card('relu1')).toHaveClass(/onlyB/);
    await expect(page.getByTestId(compareTestIds.choose('a'))).toHaveText('two.safetensors');
  });

  await test.step('an open project without weights is compared by its network', async () => {
    await page.getByTestId(compareTestIds.choose('b')).click();
    await page.getByTestId(modelTestIds.source('project')).click();
    await page.getByTestId(compareTestIds.project(0)).click();
    await page.getByTestId(compareTestIds.start).click();
    await expect(verdict).toContainText('since B has no weights');
    await station(page, 'compare-2-project');
  });
});

test.describe('in Chinese', () => {
  test.use({ locale: 'zh-CN' });
  test('the panel has no English', async ({ page }) => {
    await using lab = await LabServer.start();
    await openPanel(page, lab);
    await expectNoEnglish(page, 'compare-empty');
    await chooseFile(page, lab, 'a', 'one.safetensors');
    await chooseFile(page, lab, 'b', 'two.safetensors');
    await page.getByTestId(compareTestIds.start).click();
    await expect(page.getByTestId(compareTestIds.verdict)).toBeVisible();
    await page.getByTestId(testIds.dockFull).click();
    await expectNoEnglish(page, 'compare-norms');
    for (const key of ['tensors', 'unpaired', 'network']) {
      await page.getByTestId(compareTestIds.tab(key)).click();
      await expectNoEnglish(page, `compare-${key}`);
    }
  });
});

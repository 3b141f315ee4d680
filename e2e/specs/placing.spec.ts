import { expect, test, type Page } from '@playwright/test';
import { testIds } from '../../renderer/testIds/testIds.ts';
import { LabServer } from '../fixtures/labServer.ts';
import { EditorPage } from '../pages/editorPage.ts';

let lab: LabServer;
test.beforeAll(async () => {
  lab = await LabServer.start();
});
test.afterAll(() => lab[Symbol.asyncDispose]());

async function openTemplate(page: Page, name: string): Promise<EditorPage> {
  await page.goto(lab.url);
  await page.getByTestId(testIds.welcomeTemplate(name)).click();
  await expect(new EditorPage(page).block('input')).toBeVisible();
  return new EditorPage(page);
}

/** Bounding boxes of all cards on the screen. */
async function cards(page: Page) {
  return page.locator('.vue-flow__node').evaluateAll((nodes) =>
    nodes.map((node) => {
      const { x, y, width, height } = node.getBoundingClientRect();
      return { x, y, width, height };
    }),
  );
}

async function expectNoOverlap(page: Page): Promise<void> {
  const boxes = await cards(page);
  for (const [index, a] of boxes.entries())
    for (const b of boxes.slice(index + 1)) {
      const isOver =
        a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
      expect(isOver).toBe(false);
    }
}

async function expectInView(page: Page, editor: EditorPage, id: string): Promise<void> {
  const canvas = await page.getByTestId(testIds.canvas).boundingBox();
  const card = await editor.block(id).boundingBox();
  if (!canvas || !card) throw new Error('nothing visible');
  expect(card.x).toBeGreaterThanOrEqual(canvas.x);
  expect(card.y).toBeGreaterThanOrEqual(canvas.y);
  expect(card.x + card.width).toBeLessThanOrEqual(canvas.x + canvas.width);
  expect(card.y + card.height).toBeLessThanOrEqual(canvas.y + canvas.height);
}

test('with nothing selected a key or a click adds a block that stands alone, in view and selected', async ({
  page,
}) => {
  const editor = await openTemplate(page, 'mnist-cnn-bn');
  const wires = page.locator('.vue-flow__edge');
  const begun = await wires.count();
  await editor.deselect();
  await page.keyboard.press('c');
  await expect(editor.block('conv2')).toHaveClass(/selected/);
  await expectInView(page, editor, 'conv2');
  await editor.deselect();
  await page.getByTestId(testIds.paletteItem('dropout')).click();
  await expect(editor.block('dropout1')).toHaveClass(/selected/);
  await expectInView(page, editor, 'dropout1');
  await expect(wires).toHaveCount(begun);
  await expectNoOverlap(page);
  await editor.undo();
  await editor.undo();
  await expect(editor.block('conv2')).toHaveCount(0);
  await expect(page.getByTestId(testIds.undo)).toBeDisabled();
});

test('with a block selected the new one stands behind it in its wires', async ({ page }) => {
  const editor = await openTemplate(page, 'mnist-cnn-bn');
  await editor.block('relu1').click();
  await page.keyboard.press('b');
  await expect(page.locator('.vue-flow__edge[data-id="bn2.in"]')).toHaveCount(1);
  await expect(editor.block('bn2')).toHaveClass(/selected/);
  await expectInView(page, editor, 'bn2');
  await expectNoOverlap(page);
});

test('a wire drawn back from an input offers what fits, and changes nothing until one is chosen', async ({
  page,
}) => {
  const editor = await openTemplate(page, 'mnist-cnn-bn');
  const port = await editor.block('bn1').locator('.vue-flow__handle.target').boundingBox();
  const canvas = await page.getByTestId(testIds.canvas).boundingBox();
  if (!port || !canvas) throw new Error('nothing to aim at');
  const drawBack = async (): Promise<void> => {
    await page.mouse.move(port.x + port.width / 2, port.y + port.height / 2);
    await page.mouse.down();
    await page.mouse.move(port.x + 120, port.y - 20, { steps: 4 });
    await page.mouse.move(canvas.x + canvas.width - 220, canvas.y + 120, { steps: 4 });
    await page.mouse.up();
  };
  await drawBack();
  await expect(page.getByTestId(testIds.searchPalette)).toBeVisible();
  await expect(page.getByTestId(testIds.searchPaletteItem('relu'))).toBeVisible();
  for (const misfit of ['flatten', 'dense', 'globalAvgPool', 'input'])
    await expect(page.getByTestId(testIds.searchPaletteItem(misfit))).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(page.locator('.vue-flow__edge[data-id="bn1.in"]')).toHaveCount(1);
  await expect(page.getByTestId(testIds.undo)).toBeDisabled();

  await drawBack();
  await page.getByTestId(testIds.searchPaletteItem('relu')).click();
  await editor.expectShape('relu2', '32 × 28 × 28');
  await expect(page.locator('.vue-flow__edge[data-id="relu2.in"]')).toHaveCount(1);
  await expect(page.getByTestId(testIds.dockTab('problems'))).toHaveText('Problems');
  await editor.undo();
  await expect(editor.block('relu2')).toHaveCount(0);
  await expect(page.locator('.vue-flow__edge[data-id="bn1.in"]')).toHaveCount(1);
});

test('after Fit a wire to the top row finds its port where it was; only the very edge moves the canvas', async ({
  page,
}) => {
  const editor = await openTemplate(page, 'resnet20');
  await page.getByTestId(testIds.autoLayout).click();
  await page.getByTestId(testIds.zoomFit).click();
  const view = page.locator('.vue-flow__transformationpane');
  const place = (): Promise<string | null> => view.getAttribute('style');
  await expect.poll(async () => (await place()) === (await place())).toBe(true);
  const source = await editor.block('conv1').locator('.vue-flow__handle.source').boundingBox();
  const top = await editor.block('input').boundingBox();
  const canvas = await page.getByTestId(testIds.canvas).boundingBox();
  if (!source || !top || !canvas) throw new Error('nothing to aim at');
  const before = await place();
  await page.mouse.move(source.x + source.width / 2, source.y + source.height / 2);
  await page.mouse.down();
  for (let step = 0; step < 12; step += 1) {
    await page.mouse.move(top.x + 40 + step, top.y);
    await page.waitForTimeout(60);
  }
  expect(await place()).toBe(before);
  await page.mouse.move(canvas.x + canvas.width / 2, canvas.y + 2);
  await expect.poll(place).not.toBe(before);
  await page.mouse.move(canvas.x + canvas.width / 2, canvas.y + canvas.height / 2);
  await page.mouse.up();
});

test('every wire of arranged ResNet-20 is drawn beside the cards', async ({ page }) => {
  await openTemplate(page, 'resnet20');
  await page.getByTestId(testIds.autoLayout).click();
  await page.getByTestId(testIds.zoomFit).click();
  const hidden = async (): Promise<string[]> =>
    page.locator('.vue-flow__edge-path').evaluateAll((paths) => {
      const boxes = [...document.querySelectorAll('.vue-flow__node')].map((node) =>
        node.getBoundingClientRect(),
      );
      return paths.flatMap((path) => {
        if (!(path instanceof SVGPathElement)) return [];
        const matrix = path.getScreenCTM();
        const length = path.getTotalLength();
        for (let at = 4; at < length - 4; at += 8) {
          const { x, y } = path.getPointAtLength(at).matrixTransform(matrix ?? undefined);
          const isUnder = boxes.some(
            (box) => x > box.left + 1 && x < box.right - 1 && y > box.top + 1 && y < box.bottom - 1,
          );
          if (isUnder) return [path.closest('.vue-flow__edge')?.getAttribute('data-id') ?? '?'];
        }
        return [];
      });
    });
  await expect.poll(hidden).toEqual([]);
});

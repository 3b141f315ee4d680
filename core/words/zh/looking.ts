import type { looking as english } from '../en/looking.ts';
import type { Translation } from '../english.ts';

export const looking: Translation<typeof english> = {
  noBlock: '网络中没有可以显示其输出的模块“{name}”；可选的有 {blocks}。',
  noMap: '模块“{name}”的输出没有高度和宽度；可以计算热力图的模块有 {blocks}。',
  noFilters: '模块“{name}”没有卷积核；有卷积核的模块有 {blocks}。',
  noClass: '网络中没有类别“{name}”；可选的有 {classes}。',
  noMapAnywhere: '该网络没有任何模块的输出具有高度和宽度。',
  noFiltersAnywhere: '该网络没有任何模块的卷积核具有高度和宽度。',
  stopped: '图片的热力图计算已停止。',
};

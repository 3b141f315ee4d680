import type { patterns as english } from '../en/patterns.ts';
import type { Translation } from '../english.ts';

export const patterns: Translation<typeof english> = {
  unopened: '有“)”而没有对应的“(”',
  unclosed: '有“(”而没有对应的“)”',
  tooDeep: '括号嵌套超过 {most} 层',
  repeatsNothing: '其“{character}”没有可重复的内容',
  noLookAround: '不支持先行断言、后行断言和标志',
  noBackReference: '不支持反向引用',
  noEscape: '不支持“\\{letter}”',
  rangeOrder: '[…] 中的范围次序颠倒',
  repeatsAssertion: '重复了不匹配任何字符的内容',
  repeatOrder: '“{written}”次序颠倒或大于 {most}',
  endsEarly: '在中间结束',
  tooLong: '超过 {most} 个字符',
  tooLarge: '过大；请减少重复',
};

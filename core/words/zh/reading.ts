import type { reading as english } from '../en/reading.ts';
import type { Translation } from '../english.ts';

export const reading: Translation<typeof english> = {
  denied: '没有读取权限',
  gone: '它已不存在',
  loop: '链接指回自身',
  nameTooLong: '路径过长',
  tooManyOpen: '打开的文件过多',
  diskError: '磁盘报告读取错误',
  isFolder: '它是文件夹',
  notUnicode: '其名称不是有效的 Unicode',
  otherCode: '无法读取（{code}）',
  unknown: '未知错误',
  unknownText: '未知错误（{text}）',
};

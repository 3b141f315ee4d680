/** What a schema finds wrong with a value, by the code of the problem. */
export const issues = {
  invalid_type: '类型不对',
  too_big: '超出上限',
  too_small: '低于下限',
  invalid_format: '格式不对',
  not_multiple_of: '不是允许的倍数',
  unrecognized_keys: '未知的字段',
  invalid_union: '不符合任何允许的形式',
  invalid_key: '名称无效',
  invalid_element: '其中的值无效',
  invalid_value: '不是允许的值',
  custom: '无效',
};

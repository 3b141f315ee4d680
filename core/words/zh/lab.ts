import type { lab as english } from '../en/lab.ts';
import type { Translation } from '../english.ts';

export const lab: Translation<typeof english> = {
  tooManyCalls: '此页面已有 {calls} 个请求在进行：请等待其中一些完成后再试。',
  tooManyWaiting: '此页面已有 {calls} 个请求在等待：请等待其中一些完成后再试。',
  noMethod: '没有方法 {method}。',
  badParams: '{method} 的参数不符合约定。',
  badParamsAt: '{method} 的参数在 {place} 处不符合约定：{what}。',
  theTop: '顶层',
  tooLarge: '此消息有 {size}，而 {method} 最多接受 {limit}：项目或选择过大。',
  aMessage: '一条消息',
  cancelledBefore: '在开始之前已取消。',
  cancelled: '工作已取消。',
  closing: '实验室正在关闭。',
  threadDied: '实验室的一个线程意外结束；请重试。',
  portTaken: '端口 {port} 已被占用：请用 --port 选择另一个，0 表示任意。',
  portClosed: '无法打开端口 {port}。',
  strangePage: '{channel}：不是来自实验室自己的页面',
  strangeParams: '{channel}：参数不符合约定',
  strangeAnswer: '无法读取实验室对 {method} 的回答。请重启 NormLab；如果仍然如此，请报告。',
  connectionLost: '与实验室的连接已断开，会自动重新连接：请等待片刻后再试一次。',
  connectionClosed: '与实验室的连接已关闭。请重新加载窗口。',
  hostStopped: '实验室主机已停止：请重新启动后再试一次。',
};

/** The lab host, its threads, and the connection of the screen to it. */
export const lab = {
  tooManyCalls: 'This page has {calls} requests under way already: wait for some of them, then try again.',
  tooManyWaiting: 'This page has {calls} requests waiting already: wait for some of them, then try again.',
  noMethod: 'There is no method {method}.',
  badParams: 'The parameters of {method} do not fit the contract.',
  badParamsAt: 'The parameters of {method} do not fit the contract at {place}: {what}.',
  theTop: 'the top',
  tooLarge:
    'This message has {size}, but {method} takes at most {limit}: the project or the selection is too large.',
  aMessage: 'a message',
  cancelledBefore: 'This was cancelled before it began.',
  cancelled: 'The work was cancelled.',
  closing: 'The lab is closing.',
  threadDied: 'A thread of the lab ended unexpectedly; try again.',
  portTaken: 'Port {port} is in use: choose another with --port, or 0 for any.',
  portClosed: 'Port {port} cannot be opened.',
  strangePage: "{channel}: not from the lab's own page",
  strangeParams: '{channel}: the parameters do not fit the contract',
  strangeAnswer: "The lab's answer to {method} could not be read. Restart NormLab; if it stays, report it.",
  connectionLost:
    'The connection to the lab was lost. It is opened again by itself: wait for it, then try once more.',
  connectionClosed: 'The connection to the lab is closed. Reload the window.',
  hostStopped: 'The lab host has stopped: start it again, then try once more.',
} as const;

/** `data-testid` values of runs that train elsewhere. */
export const remoteTestIds = {
  follow: 'remote-follow',
  followFromPlan: 'remote-follow-from-plan',
  mark: 'remote-mark',
  facts: 'remote-facts',
  fact: (name: string): string => `remote-${name}`,
  warning: (name: string): string => `remote-warning-${name}`,
  import: 'remote-import',
  unfollow: 'remote-unfollow',
  unfollowDialog: 'remote-unfollow-dialog',
  unfollowConfirm: 'remote-unfollow-confirm',
};

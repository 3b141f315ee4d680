/**
 * Whether the system may show notices of this page: 'none' where it cannot at all, 'default' where nobody was asked
 * yet.
 */
type NotificationState = NotificationPermission | 'none';

export function notificationState(): NotificationState {
  return 'Notification' in window ? Notification.permission : 'none';
}

/** Asks the user, unless the answer is known; to be called from a click. Never throws. */
export async function askToNotify(): Promise<NotificationState> {
  if (notificationState() !== 'default') return notificationState();
  return Notification.requestPermission().catch(() => notificationState());
}

/** A notice of the system, where it may be shown. `opened` is called when the user clicks on it. */
export function showSystemNotice(notice: {
  readonly title: string;
  readonly text: string;
  /** A later notice of the same tag takes the place of an earlier one. */
  readonly tag: string;
  opened(): void;
}): void {
  if (notificationState() !== 'granted') return;
  try {
    const shown = new Notification(notice.title, { body: notice.text, tag: notice.tag });
    shown.onclick = () => {
      window.focus();
      notice.opened();
    };
  } catch {
    // Some systems allow notices from service workers alone; the page itself tells, too.
  }
}

/**
 * Whether the system may show notifications of this page: 'none' where it has none, 'default' before the user was
 * asked.
 */
type NotificationState = NotificationPermission | 'none';

export function notificationState(): NotificationState {
  return 'Notification' in window ? Notification.permission : 'none';
}

/** Asks the user, unless the answer is known; must be called from a click. Never throws. */
export async function askToNotify(): Promise<NotificationState> {
  if (notificationState() !== 'default') return notificationState();
  return Notification.requestPermission().catch(() => notificationState());
}

/** Shows a system notification, if permitted. `opened` is called when the user clicks on it. */
export function showSystemNotice(notice: {
  readonly title: string;
  readonly text: string;
  /** A later notification with the same tag replaces an earlier one. */
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
    // Some systems allow notifications from service workers only; the page shows the message itself, too.
  }
}

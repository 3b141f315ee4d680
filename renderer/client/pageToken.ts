const META_NAME = 'normlab-token';

/**
 * The token with which `normlab serve` admits this page: `?token=` of the address, or a meta tag. It is removed from
 * the visible address, so that it does not end up in a bookmark, a screenshot or the history, and kept for this tab's
 * reloads.
 */
export function takePageToken(page: Window): string {
  const address = new URL(page.location.href);
  const fromAddress = address.searchParams.get('token');
  if (fromAddress !== null) {
    address.searchParams.delete('token');
    page.history.replaceState(page.history.state, '', address);
    page.sessionStorage.setItem(META_NAME, fromAddress);
    return fromAddress;
  }
  const meta = page.document.querySelector<HTMLMetaElement>(`meta[name="${META_NAME}"]`);
  return meta?.content ?? page.sessionStorage.getItem(META_NAME) ?? '';
}

/** Address of the lab's WebSocket at this page's own origin. */
export function socketUrl(page: Window, token: string): string {
  const url = new URL('/lab', page.location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  url.searchParams.set('token', token);
  return url.href;
}

/** Set when the page was loaded again for its isolation, so that it is not loaded again and again. */
const tried = 'fovea-isolated';

/**
 * Shared memory, and so threads, want a page to be served with two headers. Where the host of the files cannot send them, a
 * service worker of the page adds them; the page is then loaded once more. Returns whether it is about to be.
 */
export async function isolate(script: string): Promise<boolean> {
  if (globalThis.crossOriginIsolated || !globalThis.isSecureContext || !('serviceWorker' in navigator)) return false;
  if (sessionStorage.getItem(tried) !== null) return false;
  try {
    await navigator.serviceWorker.register(script);
    await navigator.serviceWorker.ready;
  } catch {
    return false;
  }
  sessionStorage.setItem(tried, 'yes');
  location.reload();
  return true;
}

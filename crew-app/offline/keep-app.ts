const workerUrl = '/crew/service-worker.js'
const scope = '/crew/'

/** Has the browser store the app itself, so that it starts without a network. Not while it is being worked on. */
export function keepApp(): void {
  if (import.meta.env.DEV || !('serviceWorker' in navigator)) return
  navigator.serviceWorker.register(workerUrl, { scope }).catch(() => {
    // the screen before the first stop says that the app is not stored
    document.documentElement.dataset.appNotKept = ''
  })
}

const keepWaitMs = 60_000

/** Whether the whole app is stored; waits for it while the browser is still at it. */
export async function appIsKept(): Promise<boolean> {
  if (import.meta.env.DEV || !('serviceWorker' in navigator)) return false
  const ready = navigator.serviceWorker.ready.then(() => true)
  return Promise.race([ready, new Promise<boolean>((resolve) => setTimeout(() => resolve(false), keepWaitMs))])
}

import { leaving } from './leaving.ts'

const keepWaitMs = 60_000
let registered: Promise<ServiceWorkerRegistration | null> | null = null

/**
 * Has the browser store the app itself, so that it starts without a network. Not while it is being worked on.
 * @param scope the address under which the app's pages lie; its worker is `service-worker.js` there
 */
export function keepApp(scope: string): void {
  if (import.meta.env.DEV || !('serviceWorker' in navigator)) return
  addEventListener('beforeunload', () => navigator.serviceWorker.controller?.postMessage(leaving))
  registered = navigator.serviceWorker.register(`${scope}service-worker.js`, { scope }).catch(() => {
    // a screen that promises a start without a network looks here
    document.documentElement.dataset.appNotKept = ''
    return null
  })
}

/** Whether the whole app is stored; waits for it while the browser is still at it. */
export async function appIsKept(): Promise<boolean> {
  const registration = await registered
  if (registration == null) return false
  if (registration.active !== null) return true
  const { installing, waiting } = registration
  const worker = installing ?? waiting
  if (worker === null) return false
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), keepWaitMs)
    worker.addEventListener('statechange', () => {
      if (worker.state !== 'activated' && worker.state !== 'redundant') return
      clearTimeout(timer)
      resolve(worker.state === 'activated')
    })
  })
}

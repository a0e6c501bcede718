/** `button`: the browser asks for us; `by_hand`: Safari on a phone has it in its own menu only. */
export interface InstallOffer {
  readonly kind: 'button' | 'by_hand'
  readonly install: () => void
  readonly drop: () => void
}
interface PromptEvent extends Event {
  prompt(): Promise<unknown>
}

const listeners = new Set<() => void>()
let offered: InstallOffer | null = null

function set(offer: InstallOffer | null): void {
  offered = offer
  for (const listener of listeners) listener()
}
const drop = () => set(null)

/** Listens from the first moment: the browser offers once, and early. */
export function awaitInstallOffer(): void {
  addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault()
    const install = () => {
      drop()
      void (event as PromptEvent).prompt()
    }
    set({ kind: 'button', install, drop })
  })
  addEventListener('appinstalled', drop)
  const { standalone } = navigator as { standalone?: boolean }
  if (standalone === false) set({ kind: 'by_hand', install: drop, drop })
}

export const installOffer = (): InstallOffer | null => offered
export function onInstallOffer(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

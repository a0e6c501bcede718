import { useSyncExternalStore } from 'react'

/** `button`: the browser asks for us; `by_hand`: Safari on a phone has it in its own menu only. */
export interface InstallOffer {
  readonly kind: 'button' | 'by_hand'
  readonly install: () => void
  /** Once and for good. */
  readonly refuse: () => void
}
interface PromptEvent extends Event {
  prompt(): Promise<unknown>
}

const refusedSlot = 'zwerm-no-install'
const listeners = new Set<() => void>()
let offered: InstallOffer | null = null

function set(offer: InstallOffer | null): void {
  offered = offer
  for (const listener of listeners) listener()
}
const drop = () => set(null)
const refuse = () => {
  localStorage.setItem(refusedSlot, '')
  drop()
}

/** Listens from the first moment: the browser offers once, and early. */
export function awaitInstallOffer(): void {
  if (localStorage.getItem(refusedSlot) !== null) return
  addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault()
    const install = () => {
      drop()
      void (event as PromptEvent).prompt()
    }
    set({ kind: 'button', install, refuse })
  })
  addEventListener('appinstalled', drop)
  const { standalone } = navigator as { standalone?: boolean }
  if (standalone === false) set({ kind: 'by_hand', install: drop, refuse })
}

export const useInstallOffer = (): InstallOffer | null =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => offered,
  )

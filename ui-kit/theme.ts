import { useSyncExternalStore } from 'react'

export type Theme = 'light' | 'dark'

const storageKey = 'zwerm-theme'
const dark = typeof matchMedia === 'undefined' ? null : matchMedia('(prefers-color-scheme: dark)')
const listeners = new Set<() => void>()

/** The person's own choice, else the device's. */
function currentTheme(): Theme {
  const chosen = document.documentElement.dataset.theme
  if (chosen === 'light' || chosen === 'dark') return chosen
  return dark?.matches === true ? 'dark' : 'light'
}

export function chooseTheme(theme: Theme): void {
  localStorage.setItem(storageKey, theme)
  document.documentElement.dataset.theme = theme
  for (const listener of listeners) listener()
}

/**
 * Puts an earlier choice on the page, before the first drawing.
 * @param otherwise without a choice; left out: the device decides
 */
export function startTheme(otherwise?: Theme): void {
  const chosen = localStorage.getItem(storageKey) ?? otherwise
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen
}

export const useTheme = (): Theme =>
  useSyncExternalStore((listener) => {
    listeners.add(listener)
    dark?.addEventListener('change', listener)
    return () => {
      listeners.delete(listener)
      dark?.removeEventListener('change', listener)
    }
  }, currentTheme)

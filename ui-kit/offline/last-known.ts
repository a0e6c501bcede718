export interface Known<T> {
  readonly value: T
  /** When our server said so, on this device's clock. */
  readonly atMs: number
}

const slot = (name: string) => `known:${name}`

/** What our server said last, for when it cannot be asked. Few and small things only: names are written in the code. */
export function remember(name: string, value: unknown): void {
  try {
    localStorage.setItem(slot(name), JSON.stringify({ value, atMs: Date.now() } satisfies Known<unknown>))
  } catch (fault) {
    // no room, or a private window: there will be nothing to show without a network
    if (!(fault instanceof DOMException)) throw fault
  }
}

export const forget = (name: string): void => localStorage.removeItem(slot(name))

export function lastKnown<T>(name: string): Known<T> | null {
  const text = localStorage.getItem(slot(name))
  return text === null ? null : (JSON.parse(text) as Known<T>)
}

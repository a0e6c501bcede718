/**
 * One idempotency key per gesture of a person. It lives until the gesture is done, over repeats, the way to the payer's
 * page and back, and a reload.
 */
export function gestureKey(name: string): string {
  const known = sessionStorage.getItem(slot(name))
  if (known !== null) return known
  const key = randomKey()
  sessionStorage.setItem(slot(name), key)
  return key
}

/** The gesture has its answer: the next one of this name is a new one. */
export const gestureDone = (name: string): void => sessionStorage.removeItem(slot(name))

/** The same for every gesture whose name begins so: what they were for is there, or over. */
export function gesturesDone(beginning: string): void {
  for (const name of Object.keys(sessionStorage)) if (name.startsWith(slot(beginning))) sessionStorage.removeItem(name)
}

const slot = (name: string) => `gesture:${name}`

// crypto.randomUUID exists on secure origins only, and a phone in the same room may use plain http
const randomKey = () =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')

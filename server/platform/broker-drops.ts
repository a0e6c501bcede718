import type { AuthenticateError } from 'aedes'

/** Refusals of ours: they are counted where they are decided, so that each closed connection is counted once. */
const counted = new WeakSet<Error>()

/** A no of ours, which closes the connection. */
export function brokerRefusal(sentence: string): Error {
  const error = new Error(sentence)
  counted.add(error)
  return error
}

/** A no to a CONNECT, with the code of its CONNACK. */
export const refusedWith = (returnCode: number, sentence: string): AuthenticateError =>
  Object.assign(brokerRefusal(sentence), { returnCode }) as unknown as AuthenticateError

/** Return codes of a CONNACK that only we give: server unavailable, bad user name or password. */
const ownCodes: ReadonlySet<unknown> = new Set([3, 4])

/** What aedes found wrong by itself; a socket that broke is nobody's fault. */
export function countDropped(error: Error, count: (event: 'malformed' | 'no_connect') => void): void {
  const { code, errorCode } = error as { readonly code?: unknown; readonly errorCode?: unknown }
  if (counted.has(error) || typeof code === 'string' || ownCodes.has(errorCode)) return
  // aedes 1.2.0, lib/client.js: the only one that is about time.
  count(error.message === 'connect did not arrive in time' ? 'no_connect' : 'malformed')
}

import { hash, parseOptions, verify } from '@node-rs/argon2'
import { assert } from '../../contracts/assert.ts'
import { normalPassword } from './core/password-rules.ts'

/**
 * argon2id as OWASP asks at least (Password Storage Cheat Sheet, 2024): 19 MiB, two passes, one lane. Changing these
 * hashes a password anew at its next log-in.
 */
export const hashing = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 } as const

/** Hashes under way at once: each keeps a core and 19 MiB busy. */
const mostAtOnce = 2
/** Who comes behind these is turned away. */
const mostWaiting = 40

export interface Passwords {
  hash(password: string): Promise<string>
  /** Takes as long for nobody's password (null) as for a wrong one. */
  matches(stored: string | null, password: string): Promise<boolean>
}

/** Thrown when too many log-ins come at once: nobody's fault, and nothing was looked at. */
export class TooManyLogIns extends Error {
  readonly statusCode = 429
}

export function createPasswords(): Passwords {
  let busy = 0
  const waiting: (() => void)[] = []
  let dummy: Promise<string> | null = null

  const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
    if (busy >= mostAtOnce) {
      if (waiting.length >= mostWaiting) throw new TooManyLogIns('too many log-ins at once')
      await new Promise<void>((resolve) => waiting.push(resolve))
    } else busy++
    try {
      return await work()
    } finally {
      // A place is handed on: it never looks free to somebody who comes between.
      const next = waiting.shift()
      if (next) next()
      else busy--
    }
  }
  return {
    hash: (password) => inTurn(() => hash(normalPassword(password), hashing)),
    matches: async (stored, password) => {
      dummy ??= hash('nobody has this password', hashing)
      const against = stored ?? (await dummy)
      const same = await inTurn(() => verify(against, normalPassword(password)))
      return same && stored !== null
    },
  }
}

/** Whether a stored hash was made with other parameters than today's. */
export function isOutdated(stored: string): boolean {
  assert(stored.startsWith('$argon2'), 'a password is kept as an argon2 hash')
  const made = parseOptions(stored)
  return (Object.keys(hashing) as (keyof typeof hashing)[]).some((name) => made[name] !== hashing[name])
}

import type { UnsignedCommand } from '../../contracts/mqtt/commands.ts'
import {
  type Challenge,
  type CodeUse,
  decodeLockFrame,
  encodeFrame,
  type Grant,
  type LockFrame,
  type PhoneFrame,
  type PhoneKey,
} from '../../contracts/no-coverage.ts'
import {
  codeToDerive,
  grantToSign,
  grantTtlMs,
  keyToSign,
  proofToSign,
  tokenText,
} from '../../contracts/no-coverage-words.ts'
import { codeOf, phoneKeysFrom } from './ble-keys.ts'
import { commandMac, macOf } from './command-mac.ts'
import { factoryNvm, type Nvm, type NvmWrite } from './journal.ts'
import type { LockEffect, LockInput } from './lock-io.ts'
import { stepLock } from './lock-machine.ts'
import { createLockState } from './lock-state.ts'

export const lockId = 'ble-lock-1'
const commandKey = new Uint8Array(32).fill(3)
export const keys = phoneKeysFrom(new Uint8Array(32).fill(5))
const identity = {
  ...{ lockId, firmware: '1.0.0', hardware: 'ring-1', keyVersion: 1 },
  ...{ commandKeys: new Map([[1, commandKey]]), phoneKeys: keys },
}
export const idOf = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
export const nonceOf = (n: number) => String(n).padStart(22, 'A')

/** A chip on a bench with a phone beside it. Flash is kept; `cutAfter` effects of the next input its power goes. */
export function bench(bolt: 'locked' | 'unlocked' = 'locked') {
  const state = createLockState(identity)
  const flash = flashOf(bolt)
  const frames: LockFrame[] = []
  const openings: string[] = []
  const log: LockEffect[] = []
  let isOpen = bolt === 'unlocked'
  let nowMs = 0
  let connections = 0
  let cut: number | null = null

  function carry(effects: readonly LockEffect[]): void {
    for (const effect of effects) {
      if (cut !== null && cut-- <= 0) {
        cut = null
        boot()
        return
      }
      log.push(effect)
      if (effect.kind === 'nvm-write') flash.keep(effect.write)
      if (effect.kind === 'ble-send') frames.push(decodeLockFrame(effect.bytes) as LockFrame)
      if (opens(effect)) {
        if (effect.attempt === 1) openings.push(effect.commandId ?? 'nobody')
        isOpen = true
      }
    }
  }
  const put = (input: LockInput) => carry(stepLock(state, input, nowMs).effects)
  const readSwitches = () => put({ kind: 'switches', switches: { a: !isOpen, b: isOpen } })
  function boot(): void {
    nowMs += 1
    put({ kind: 'power-on', bootReason: 'brownout', nvm: flash.nvm() })
    readSwitches()
    pass(400)
  }
  /** Time goes by, and the switches settle. */
  function pass(ms: number): void {
    readSwitches()
    nowMs += ms
    put({ kind: 'tick' })
  }
  boot()
  return {
    ...{ state, frames, openings, log, put, boot, pass },
    now: () => nowMs,
    isOpen: () => isOpen,
    events: () => flash.nvm().events.filter((event) => event?.k === 'bolt'),
    connect: () => {
      put({ kind: 'ble-link', isOpen: true, nonce: nonceOf(++connections) })
      return challengeOf(frames)
    },
    say: (frame: PhoneFrame) => put({ kind: 'ble', bytes: encodeFrame(frame) }),
    last: () => frames.at(-1),
    pushLever: () => {
      isOpen = false
      pass(400)
      pass(400)
    },
    cutAfter: (effects: number) => {
      cut = effects
    },
  }
}
type Opening = Extract<LockEffect, { readonly drive: 'open' | 'close' }>
const opens = (effect: LockEffect): effect is Opening => effect.kind === 'motor' && effect.drive === 'open'

function flashOf(bolt: 'locked' | 'unlocked') {
  const slots = [...factoryNvm(0, bolt).slots] as [Nvm['slots'][0], Nvm['slots'][1]]
  const events = new Map<string, Nvm['events'][0]>()
  return {
    nvm: (): Nvm => ({ slots, events: [...events.values()] }),
    keep: (write: NvmWrite) => {
      if (write.cell === 'journal') slots[write.slot] = write.record
      if (write.cell === 'event') events.set(`${write.event.b}/${write.event.q}`, write.event)
    },
  }
}

export type Bench = ReturnType<typeof bench>

const challengeOf = (frames: readonly LockFrame[]): Challenge =>
  frames.findLast((frame): frame is Challenge => frame.k === 'ch') as Challenge

export function grantFor(challenge: Challenge, n: number, change: Partial<Grant> = {}): Grant {
  const unsigned = {
    ...({ v: 1, k: 'g', id: idOf(n), b: challenge.b, n: challenge.n, op: 'unlock', s: challenge.s + 1 } as const),
    ...{ ttl: grantTtlMs },
    ...change,
  }
  return { ...unsigned, m: change.m ?? macOf(keys.ble, grantToSign(lockId, unsigned)) }
}

export function keyOf(n: number, s: number, change: Partial<PhoneKey> = {}): PhoneKey {
  const unsigned = {
    ...{ id: idOf(n), s, nbf: 0, exp: 4_000_000_000, c: 16, ops: ['pause', 'resume', 'end'] as PhoneKey['ops'] },
    ...change,
  }
  return { ...unsigned, m: macOf(keys.ble, keyToSign(lockId, unsigned)) }
}

export function use(key: PhoneKey, op: CodeUse['op'], i: number, nonce: string): CodeUse {
  const code = codeOf(keys.code, codeToDerive(lockId, key, i))
  return { v: 1, k: 'c', key, op, i, p: macOf(code, proofToSign({ key, op, i }, nonce)) }
}

export const grantToken = (n: number) => tokenText({ kind: 'grant', id: idOf(n) })

export const text = (value: string) => new TextEncoder().encode(value)
export function order(change: Partial<UnsignedCommand>): LockInput {
  const unsigned = {
    ...({ v: 1, id: 'c1', op: 'unlock', c: 1, b: 1, dl: 900_000, a: {}, iat: 0, exp: 0, kv: 1 } as const),
    ...change,
  }
  const payload = text(JSON.stringify({ ...unsigned, m: commandMac(commandKey, lockId, unsigned) }))
  return { kind: 'message', channel: 'cmd', payload }
}

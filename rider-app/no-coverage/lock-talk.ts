import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import type { GrantAnswer, PhonePass } from '../../contracts/http/no-coverage.ts'
import type {
  Challenge,
  CodeUse,
  LockFrame,
  LockReceipt,
  NoReason,
  PhoneOperation,
} from '../../contracts/no-coverage.ts'
import { proofToSign } from '../../contracts/no-coverage-words.ts'
import type { Api, Refused } from '../../ui-kit/api/api-client.ts'
import { newUuid } from '../../ui-kit/new-uuid.ts'
import { keepPass, keepReceipt, keptPass, receiptHeard, takeCode } from './kept-pass.ts'
import { type PhoneLine, type PhoneRadio, RadioTrouble, type RadioTroubleKind } from './phone-radio.ts'

export type TalkStep = 'find' | 'ask' | 'open' | 'tell'
export type TalkEnd =
  | { readonly kind: 'done'; readonly receipt: LockReceipt }
  /** The lock knows what the next closing means. */
  | { readonly kind: 'noted'; readonly op: PhoneOperation }
  | { readonly kind: 'radio'; readonly trouble: RadioTroubleKind }
  | { readonly kind: 'lock'; readonly why: NoReason }
  | { readonly kind: 'server'; readonly refused: Refused }
  | { readonly kind: 'jam' }
  | { readonly kind: 'no_key' }
  /** The rider picked no lock in the browser's list. */
  | { readonly kind: 'cancelled' }

/** A frame that answers comes within this; the motor tries three times. */
const answerWaitMs = 6_000
const motorWaitMs = 12_000
const macBytes = 16

/** How this ride's phone finds and opens its lock; asked anew where there is a network, else as it is kept. */
export async function passOf(api: Api, tripId: string): Promise<PhonePass | Refused> {
  const answer = await api.send<PhonePass>(`/v1/no-coverage/passes/${tripId}`, { method: 'PUT' })
  if (answer.kind === 'ok') return keepPass(answer.value).pass
  return keptPass(tripId)?.pass ?? answer
}

/** Phone online, lock not: the server's grant for the lock's challenge. */
export async function openByGrant(
  api: Api,
  radio: PhoneRadio,
  tripId: string,
  onStep: (step: TalkStep) => void,
): Promise<TalkEnd> {
  onStep('find')
  const pass = await passOf(api, tripId)
  if ('kind' in pass) return { kind: 'server', refused: pass }
  return talk(radio, pass, async (line, challenge) => {
    onStep('ask')
    const answer = await api.send<GrantAnswer>('/v1/no-coverage/grants', {
      method: 'POST',
      body: { tripId, challenge },
      gestureKey: newUuid(),
    })
    if (answer.kind === 'refused' && answer.code !== 'no_coverage_open') return { kind: 'server', refused: answer }
    onStep('open')
    // What it opened by was on its way before: it is asked to tell again.
    await line.say(answer.kind === 'ok' ? answer.value.grant : { v: 1, k: 't' })
    return told(await line.next(motorWaitMs), tripId, async (receipt) => {
      onStep('tell')
      await tellServer(api, tripId, receipt)
    })
  })
}

/** Neither has a network: a code of the ride's key. */
export async function sayCode(api: Api, radio: PhoneRadio, tripId: string, op: PhoneOperation): Promise<TalkEnd> {
  const pass = keptPass(tripId)?.pass
  if (!pass?.key) return { kind: 'no_key' }
  const { key } = pass
  return talk(radio, pass, async (line, challenge) => {
    const i = takeCode(tripId)
    if (i === null) return { kind: 'no_key' }
    const code = pass.codes[i - 1]
    if (code === undefined) return { kind: 'no_key' }
    const p = macOf(bytesOf(code), proofToSign({ key, op, i }, challenge.n))
    await line.say({ v: 1, k: 'c', key, op, i, p } satisfies CodeUse)
    return told(await line.next(op === 'resume' ? motorWaitMs : answerWaitMs), tripId, (receipt) =>
      tellServer(api, tripId, receipt),
    )
  })
}

/** What the lock's bolt did last, brought to the server: a closing that the lock itself cannot tell. */
export async function bringLastWord(api: Api, radio: PhoneRadio, tripId: string): Promise<TalkEnd> {
  const pass = await passOf(api, tripId)
  if ('kind' in pass) return { kind: 'server', refused: pass }
  return talk(radio, pass, async (line) => {
    await line.say({ v: 1, k: 't' })
    return told(await line.next(answerWaitMs), tripId, (receipt) => tellServer(api, tripId, receipt))
  })
}

/** Sends what is kept; what the server has heard or will never take is forgotten. */
export async function sendKeptReceipts(api: Api, tripId: string): Promise<void> {
  for (const receipt of keptPass(tripId)?.receipts ?? []) await tellServer(api, tripId, receipt)
}

async function talk(
  radio: PhoneRadio,
  pass: PhonePass,
  speak: (line: PhoneLine, challenge: Challenge) => Promise<TalkEnd>,
): Promise<TalkEnd> {
  let line: PhoneLine | null = null
  try {
    line = await radio.connect(pass.advertisedAs)
    if (line === null) return { kind: 'cancelled' }
    const first = await line.next(answerWaitMs)
    if (first.k !== 'ch') return { kind: 'radio', trouble: 'gone' }
    return await speak(line, first)
  } catch (fault) {
    if (!(fault instanceof RadioTrouble)) throw fault
    return { kind: 'radio', trouble: fault.trouble }
  } finally {
    line?.close()
  }
}

async function told(frame: LockFrame, tripId: string, tell: (receipt: LockReceipt) => Promise<void>): Promise<TalkEnd> {
  switch (frame.k) {
    case 'no':
      return { kind: 'lock', why: frame.why }
    case 'ok':
      return { kind: 'noted', op: frame.op }
    case 'ch':
      return { kind: 'radio', trouble: 'gone' }
    case 'r':
      // On this phone before it is told: the page may be closed, and the network gone.
      keepReceipt(tripId, frame)
      await tell(frame)
      return frame.e.to === 'jam_open' ? { kind: 'jam' } : { kind: 'done', receipt: frame }
  }
}

async function tellServer(api: Api, tripId: string, receipt: LockReceipt): Promise<void> {
  const answer = await api.send('/v1/no-coverage/receipts', { method: 'POST', body: { tripId, receipt } })
  const isFinal = answer.kind === 'ok' || ['no_coverage_mac', 'not_found', 'bad_request'].includes(answer.code)
  if (isFinal) receiptHeard(tripId, receipt)
}

function bytesOf(code: string): Uint8Array {
  const binary = atob(code.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0))
}

function macOf(key: Uint8Array, text: string): string {
  const bytes = hmac(sha256, key, utf8ToBytes(text)).subarray(0, macBytes)
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}

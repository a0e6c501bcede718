import { assert } from '../../../contracts/assert.ts'
import type { Random } from '../../../contracts/random.ts'
import type { VirtualClock } from '../../../lock-simulator/body/virtual-clock.ts'
import type { Change, Notification } from '../../../payment-sandbox/core/records.ts'
import {
  defaultRules,
  gateway,
  type MethodName,
  newSandbox,
  type SandboxRequest,
  step,
} from '../../../payment-sandbox/core/sandbox.ts'
import { alipayNotification } from '../../../server/payments/providers/alipay-notification.ts'
import { type AskAlipay, alipayOver } from '../../../server/payments/providers/alipay-provider.ts'
import { type PaymentProvider, ProviderFault } from '../../../server/payments/providers/payment-provider.ts'
import type { BankFaults } from '../swarm.ts'
import { countFault } from './fault-kinds.ts'
import { type Life, never } from './life.ts'
import type { Notes } from './notes.ts'

const appId = '2021000000000001'
const sellerId = '2088000000000001'
const quickMs = { from: 20, to: 200 }
const slowMs = { from: 1_000, to: 20_000 }
const notifyMs = { from: 50, to: 8_000 }
/** Alipay's own waits go on for a day; the run does not. */
const notifyAgainMs = [240_000, 600_000, 600_000]

/** The provider: the sandbox's pure core in virtual time, reached through the platform's real Alipay adapter. */
export interface Bank {
  provider(life: Life): PaymentProvider
  /** What the payer does on the page that `url` names. */
  answer(url: string, action: 'approve' | 'decline' | 'expire'): void
  /** From now on every call is answered and every payer has money. */
  heal(): void
}

export function createBank(settings: {
  readonly clock: VirtualClock
  readonly random: Random
  readonly faults: BankFaults
  readonly notes: Notes
  /** Posts a notification to the server; false when it was not acknowledged. */
  readonly notify: (body: Uint8Array) => Promise<boolean>
}): Bank {
  const { clock, random, notes } = settings
  let faults: BankFaults | null = settings.faults
  let state = newSandbox({ ...defaultRules, appId, sellerId, pageUrl: 'http://bank' })
  let ids = 0
  const newId = (kind: string) => `${kind}${++ids}`
  const strikes = (which: keyof BankFaults) => faults !== null && random.chance(faults[which])

  function act(request: SandboxRequest) {
    const result = step(state, request, clock.nowMs(), newId)
    state = result.state
    take(result.change)
    return result.answer
  }

  function take(change: Change): void {
    for (const move of change.moves) {
      notes.moves.push(move)
      notes.count(`bank ${move.kind}`)
      notes.trace(`${clock.nowMs()} bank ${move.kind} ${move.outOrderNo} ${move.fen}`)
    }
    for (const notification of change.notifications) tell(notification)
  }

  function tell(notification: Notification): void {
    if (strikes('loseNotification')) {
      countFault(notes, 'payment notification lost')
      return
    }
    const copies = strikes('duplicateNotification') ? 2 : 1
    if (copies > 1) countFault(notes, 'payment notification twice')
    for (let copy = 0; copy < copies; copy++) post(notification, 0, random.integer(notifyMs.from, notifyMs.to))
  }

  function post(notification: Notification, attempt: number, inMs: number): void {
    clock.schedule(clock.nowMs() + inMs, () => {
      const body = Buffer.from(new URLSearchParams({ ...notification.fields, sign_type: 'RSA2' }).toString())
      void settings.notify(body).then((isTaken) => {
        const againMs = notifyAgainMs[attempt]
        if (!isTaken && againMs !== undefined) post(notification, attempt + 1, againMs)
      })
    })
  }

  const wait = (range: { from: number; to: number }) =>
    new Promise<void>((resolve) => clock.schedule(clock.nowMs() + random.integer(range.from, range.to), resolve))

  function lost<T>(life: Life, why: string): Promise<T> {
    countFault(notes, 'payment answer lost')
    return fault(life, why)
  }

  const askOf =
    (life: Life): AskAlipay =>
    async (method, read, biz, urls) => {
      if (life.isOver()) return never()
      // A rider's request waits for the first hold with a timer of real time: it is answered at once.
      const isQuick = method === 'alipay.fund.auth.order.voucher.create'
      const range = strikes('slow') ? slowMs : quickMs
      if (!isQuick) await wait(range)
      // The process died after it had sent this: the request is on its way all the same.
      if (strikes('unknownBefore')) return lost(life, `${method} was lost`)
      const { notifyUrl } = urls ?? {}
      const request = gateway(method as MethodName, biz, notifyUrl)
      assert(request.kind === 'gateway', 'a gateway request')
      const answer = act({ ...request, payerIsShort: method === 'alipay.trade.pay' && strikes('payerIsShort') })
      if (!isQuick) await wait(range)
      if (strikes('unknownAfter')) return lost(life, `the answer to ${method} was lost`)
      assert(answer.kind === 'gateway', 'a gateway request gets a gateway answer')
      return life.isOver() ? never() : read(answer.answer)
    }

  return {
    provider: (life) =>
      alipayOver(askOf(life), {
        sellerId,
        read: (body) => alipayNotification({ checkNotifySignV2: () => true }, { appId, sellerId }, body),
      }),
    answer: (url, action) => {
      act({ kind: 'payer', token: url.slice(url.lastIndexOf('/') + 1), action })
    },
    heal: () => {
      faults = null
    },
  }
}

function fault<T>(life: Life, why: string): Promise<T> {
  return life.isOver() ? never() : Promise.reject(new ProviderFault('unknown', why))
}

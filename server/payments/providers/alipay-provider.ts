import { AlipaySdk } from 'alipay-sdk'
import type { NextAction, WayToPay } from '../../../contracts/http/payments.ts'
import type { EpochMs, MinorUnits } from '../../../contracts/units.ts'
import {
  amountOf,
  readCancel,
  readOperation,
  readPay,
  readRefund,
  readRefundDetail,
  readTrade,
  readUnfreeze,
  readVoucher,
  requireSame,
} from './alipay-answers.ts'
import { alipayNotification } from './alipay-notification.ts'
import type { AlipaySettings } from './alipay-settings.ts'
import { type Notification, type PaymentProvider, ProviderFault, type Snapshot } from './payment-provider.ts'
import { yuanFrom } from './yuan.ts'

/** Below the outbox's lease, above what a healthy gateway needs. */
const callTimeoutMs = 5_000
/** How long the payer may look at the code; a constant, since a repeat of the call must carry the same. */
const payTimeout = '15m'
const payTimeoutMs = 15 * 60_000
const productCode = 'PREAUTH_PAY'
const noSuchOrder: ReadonlySet<string> = new Set(['AUTH_ORDER_NOT_EXIST', 'AUTH_OPERATION_NOT_EXIST'])
const noSuchTrade = 'ACQ.TRADE_NOT_EXIST'

/**
 * Alipay's fund authorisation (预授权) by its official SDK: freeze by a code that the payer opens or scans, capture by
 * `alipay.trade.pay` with `COMPLETE`, unfreeze, refund. Every answer's signature is verified and its shape checked.
 */
export function createAlipay(settings: AlipaySettings): PaymentProvider {
  const sdk = new AlipaySdk({
    appId: settings.appId,
    privateKey: settings.merchantPrivateKey,
    keyType: 'PKCS8',
    alipayPublicKey: settings.alipayPublicKey,
    gateway: settings.gateway,
    timeout: callTimeoutMs,
    camelcase: false,
  })
  const ask: AskAlipay = async (method, read, bizContent, urls = {}) => {
    let answer: unknown
    try {
      answer = await sdk.exec(method, { bizContent, ...urls }, { validateSign: true })
    } catch (cause) {
      throw new ProviderFault('unknown', `${method} got no answer that can be trusted`, cause)
    }
    return read(answer)
  }
  return alipayOver(ask, {
    sellerId: settings.sellerId,
    appLink: settings.appLink ?? alipayAppLink,
    read: (body) => alipayNotification(sdk, settings, body),
  })
}

/** The same over any way to ask: the simulation has one without keys and sockets. */
export function alipayOver(
  ask: AskAlipay,
  {
    sellerId,
    appLink = alipayAppLink,
    read,
  }: { readonly sellerId: string; readonly appLink?: string; readonly read: (body: Uint8Array) => Notification },
): PaymentProvider {
  return {
    ways: ['page', 'qr', 'app'],
    turned: (next, to) => (next.kind === 'none' ? next : actionFor(codeOf(next), to, appLink)),
    id: 'alipay',
    name: 'Alipay',
    currencies: ['CNY'],
    hold: async ({ key, amountMinor, currency, title, notifyUrl, returnUrl, ...wanted }) => {
      if (currency !== 'CNY') throw new ProviderFault('invalid_request', `cannot hold ${currency}`)
      const answer = await ask(
        'alipay.fund.auth.order.voucher.create',
        readVoucher,
        {
          out_order_no: key,
          out_request_no: key,
          order_title: title,
          amount: yuanFrom(amountMinor),
          product_code: productCode,
          payee_user_id: sellerId,
          pay_timeout: payTimeout,
        },
        { notifyUrl, ...(returnUrl === null ? {} : { returnUrl }) },
      )
      requireSame('order', key, answer.out_order_no)
      return actionFor(answer.code_value, wanted, appLink)
    },
    capture: async ({ key, providerRef, amountMinor, title, notifyUrl }) => {
      const answer = await ask(
        'alipay.trade.pay',
        readPay,
        {
          out_trade_no: key,
          total_amount: yuanFrom(amountMinor),
          subject: title,
          auth_no: providerRef,
          product_code: productCode,
          auth_confirm_mode: 'COMPLETE',
          seller_id: sellerId,
        },
        { notifyUrl },
      )
      requireSame('trade', key, answer.out_trade_no)
      return capturedSnapshot(answer, providerRef, null)
    },
    release: async ({ key, providerRef, heldMinor, reason }) => {
      const answer = await ask('alipay.fund.auth.order.unfreeze', readUnfreeze, {
        auth_no: providerRef,
        out_request_no: key,
        amount: yuanFrom(heldMinor),
        remark: reason,
      })
      requireSame('request', key, answer.out_request_no)
      if (answer.status !== 'SUCCESS') throw new ProviderFault('unknown', `unfreeze is ${answer.status}`)
      return { hold: { kind: 'released' }, heldMinor, providerRef, transactionRef: null }
    },
    cancelHold: async ({ holdKey, reason }) => {
      const answer = await ask('alipay.fund.auth.operation.cancel', readCancel, {
        out_order_no: holdKey,
        out_request_no: holdKey,
        remark: reason,
      })
      requireSame('order', holdKey, answer.out_order_no)
      const kind = answer.action === 'close' ? 'failed' : 'released'
      return { hold: { kind }, heldMinor: null, providerRef: null, transactionRef: null }
    },
    refund: async ({ key, captureKey, amountMinor, reason }) => {
      const answer = await ask('alipay.trade.refund', readRefund, {
        out_trade_no: captureKey,
        refund_amount: yuanFrom(amountMinor),
        out_request_no: key,
        refund_reason: reason,
      })
      requireSame('trade', captureKey, answer.out_trade_no)
    },
    fetch: (request) => fetchHold(ask, request),
    fetchRefund: async ({ key, captureKey }) => {
      const answer = await ask('alipay.trade.fastpay.refund.query', readRefundDetail, {
        out_trade_no: captureKey,
        out_request_no: key,
      })
      return answer.out_request_no === key && (answer.refund_status ?? 'REFUND_SUCCESS') === 'REFUND_SUCCESS'
    },
    notification: ({ body }) => read(body),
    acknowledge: (ok) => ({ status: 200, contentType: 'text/plain', body: ok ? 'success' : 'failure' }),
  }
}

/**
 * Alipay's own scanner opened at a code: the same freeze as the page and the QR picture, without an SDK, which a web
 * page cannot have. The code follows, encoded.
 */
const alipayAppLink = 'alipays://platformapi/startapp?saId=10000007&qrcode='

/** One code serves every way: it is a page, it can be drawn, and the app can be opened at it. */
function actionFor(
  code: string,
  { way, expiresAtMs }: { readonly way: WayToPay; readonly expiresAtMs: EpochMs },
  appLink: string,
): NextAction {
  switch (way) {
    case 'page':
      return { kind: 'redirect', url: code }
    case 'qr':
      return { kind: 'qr', content: code, expiresAt: expiresAtMs }
    case 'app':
      return { kind: 'app', url: `${appLink}${encodeURIComponent(code)}`, fallbackUrl: code }
  }
}

function codeOf(next: Exclude<NextAction, { kind: 'none' }>): string {
  switch (next.kind) {
    case 'redirect':
      return next.url
    case 'qr':
      return next.content
    case 'app':
      return next.fallbackUrl
  }
}

/** Asks a method of the gateway; `read` checks the inner object of its answer. Throws only `ProviderFault`. */
export type AskAlipay = <T>(
  method: string,
  read: (answer: unknown) => T,
  bizContent: Readonly<Record<string, string>>,
  urls?: { readonly notifyUrl?: string; readonly returnUrl?: string },
) => Promise<T>

/** The freeze first, then the capture: a capture that happens in between is seen, never missed. */
async function fetchHold(
  ask: AskAlipay,
  { holdKey, captureKey }: { readonly holdKey: string; readonly captureKey: string | null },
): Promise<Snapshot> {
  const detail = await orNull(
    (code) => noSuchOrder.has(code),
    ask('alipay.fund.auth.operation.detail.query', readOperation, {
      out_order_no: holdKey,
      out_request_no: holdKey,
      operation_type: 'FREEZE',
    }),
  )
  if (detail === null) return { hold: { kind: 'absent' }, heldMinor: null, providerRef: null, transactionRef: null }
  requireSame('order', holdKey, detail.out_order_no)
  const providerRef = detail.auth_no
  const frozenMinor = detail.total_freeze_amount === undefined ? null : amountOf(detail.total_freeze_amount)
  const heldMinor = frozenMinor === 0 ? null : frozenMinor
  const paidMinor = amountOf(detail.total_pay_amount ?? '0')
  if (detail.order_status === 'INIT') {
    return { hold: { kind: 'pending' }, heldMinor: null, providerRef, transactionRef: null }
  }
  if (captureKey !== null) {
    const trade = await tradeOf(ask, captureKey)
    // A trade closes unpaid, or after its money went back: then the freeze still says that it was paid from.
    if (trade && (isPaid(trade.trade_status) || (trade.trade_status === 'TRADE_CLOSED' && paidMinor > 0))) {
      return capturedSnapshot(trade, providerRef, heldMinor)
    }
  }
  if (detail.order_status === 'AUTHORIZED') {
    return { hold: { kind: 'held' }, heldMinor, providerRef, transactionRef: null }
  }
  if (paidMinor > 0) {
    const hold = { kind: 'captured', capturedMinor: paidMinor } as const
    return { hold, heldMinor, providerRef, transactionRef: null }
  }
  const hold =
    heldMinor === null ? ({ kind: 'failed', why: whyClosed(detail) } as const) : ({ kind: 'released' } as const)
  return { hold, heldMinor, providerRef, transactionRef: null }
}

/** A freeze that nobody confirmed says when it closed, not why: at the end of its time, or before, by somebody's no. */
function whyClosed(detail: { readonly gmt_create?: string; readonly gmt_trans?: string }): 'declined' | 'expired' {
  if (detail.gmt_create === undefined || detail.gmt_trans === undefined) return 'declined'
  const openMs = beijingMs(detail.gmt_trans) - beijingMs(detail.gmt_create)
  // Both are whole seconds.
  return openMs >= payTimeoutMs - 1_000 ? 'expired' : 'declined'
}

const beijingMs = (text: string): number => Date.parse(`${text.replace(' ', 'T')}+08:00`)

type Trade = ReturnType<typeof readTrade>

async function tradeOf(ask: AskAlipay, captureKey: string): Promise<Trade | null> {
  const query = ask('alipay.trade.query', readTrade, { out_trade_no: captureKey })
  const trade = await orNull((code) => code === noSuchTrade, query)
  if (trade) requireSame('trade', captureKey, trade.out_trade_no)
  return trade
}

const isPaid = (status: Trade['trade_status']): boolean => status === 'TRADE_SUCCESS' || status === 'TRADE_FINISHED'

const capturedSnapshot = (
  trade: { readonly trade_no: string; readonly total_amount: string },
  providerRef: string,
  heldMinor: MinorUnits | null,
): Snapshot => ({
  hold: { kind: 'captured', capturedMinor: amountOf(trade.total_amount) },
  heldMinor,
  providerRef,
  transactionRef: trade.trade_no,
})

/** Null when the provider's no only says that it knows nothing of it. */
async function orNull<T>(isAbsence: (providerCode: string) => boolean, asked: Promise<T>): Promise<T | null> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof ProviderFault && error.code === 'declined' && isAbsence(error.providerCode)) return null
    throw error
  }
}

import type { AlipaySdk } from 'alipay-sdk'
import { Type } from 'typebox'
import { Compile } from 'typebox/compile'
import type { AlipaySettings } from './alipay-settings.ts'
import { type Notification, ProviderFault } from './payment-provider.ts'
import { fenFrom } from './yuan.ts'

export const maxNotificationBytes = 16_384
const maxNotificationFields = 100

const Text = Type.String({ minLength: 1, maxLength: 256 })
const Amount = Type.String({ pattern: '^[0-9]{1,9}(\\.[0-9]{1,2})?$' })
const addressed = { app_id: Text, notify_id: Type.String({ pattern: '^[A-Za-z0-9_.-]{1,128}$' }) }

const FundAuth = Type.Object({
  ...addressed,
  notify_type: Type.Union([
    Type.Literal('fund_auth_freeze'),
    Type.Literal('fund_auth_unfreeze'),
    Type.Literal('fund_auth_operation_cancel'),
  ]),
  out_order_no: Text,
  amount: Amount,
  payee_user_id: Type.Optional(Text),
  total_freeze_amount: Type.Optional(Amount),
})
const TradeSync = Type.Object({
  ...addressed,
  notify_type: Type.Literal('trade_status_sync'),
  out_trade_no: Text,
  total_amount: Amount,
  seller_id: Type.Optional(Text),
})
const fundAuth = Compile(FundAuth)
const tradeSync = Compile(TradeSync)

/**
 * Proves and reads a form-encoded notification: RSA2 only (the SDK would take SHA-1 when the message asks for it and
 * throws on any other word), signature over the fields as decoded once, then our app, our seller, our amounts.
 * Throws `invalid_request`.
 */
export function alipayNotification(
  sdk: Pick<AlipaySdk, 'checkNotifySignV2'>,
  settings: Pick<AlipaySettings, 'appId' | 'sellerId'>,
  body: Uint8Array,
): Notification {
  const fields = formFields(body)
  if (fields.sign_type !== 'RSA2') throw refused('sign_type is not RSA2')
  if (!isSigned(sdk, fields)) throw refused('the signature does not fit')
  if (fields.app_id !== settings.appId) throw refused('it is for another app')
  if (fundAuth.Check(fields)) {
    if (fields.payee_user_id !== undefined && fields.payee_user_id !== settings.sellerId) throw refused('another payee')
    return {
      eventId: fields.notify_id,
      ourKey: fields.out_order_no,
      // An unfreeze may concern a part; the whole is what we know.
      amountMinor: amountOf(fields.total_freeze_amount ?? fields.amount),
      about: 'hold',
    }
  }
  if (tradeSync.Check(fields)) {
    if (fields.seller_id !== undefined && fields.seller_id !== settings.sellerId) throw refused('another seller')
    return {
      eventId: fields.notify_id,
      ourKey: fields.out_trade_no,
      amountMinor: amountOf(fields.total_amount),
      about: 'capture',
    }
  }
  throw refused('its fields do not fit')
}

function formFields(body: Uint8Array): Record<string, string> {
  if (body.byteLength > maxNotificationBytes) throw refused('too long')
  const fields: Record<string, string> = Object.create(null)
  let count = 0
  for (const [name, value] of new URLSearchParams(Buffer.from(body).toString('utf8'))) {
    count += 1
    if (count > maxNotificationFields || name in fields) throw refused('fields repeat or are too many')
    fields[name] = value
  }
  return { ...fields }
}

function isSigned(sdk: Pick<AlipaySdk, 'checkNotifySignV2'>, fields: Record<string, string>): boolean {
  try {
    return sdk.checkNotifySignV2(fields)
  } catch (cause) {
    throw new ProviderFault('invalid_request', 'the signature cannot be checked', cause)
  }
}

function amountOf(yuan: string) {
  const fen = fenFrom(yuan)
  if (fen === null) throw refused('an amount is out of range')
  return fen
}

const refused = (why: string) => new ProviderFault('invalid_request', why)

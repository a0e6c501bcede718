import { type Static, type TSchema, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import type { MinorUnits } from '../../../contracts/units.ts'
import { ProviderFault } from './payment-provider.ts'
import { fenFrom } from './yuan.ts'

/** The provider's answers are checked like anybody's input; fields that we do not use may come and go. */
const Text = Type.String({ minLength: 1, maxLength: 256 })
const Moment = Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}$' })
const Amount = Type.String({ pattern: '^[0-9]{1,9}(\\.[0-9]{1,2})?$' })

const Envelope = Type.Object({
  code: Type.String({ pattern: '^[0-9]{5}$' }),
  sub_code: Type.Optional(Type.String({ maxLength: 128 })),
})

export const readVoucher = reader(
  Type.Object({
    out_order_no: Text,
    out_request_no: Text,
    code_value: Type.String({ pattern: '^https?://[^\\s]{1,1000}$' }),
  }),
)
export const readOperation = reader(
  Type.Object({
    auth_no: Text,
    out_order_no: Text,
    order_status: Type.Union([
      Type.Literal('INIT'),
      Type.Literal('AUTHORIZED'),
      Type.Literal('FINISH'),
      Type.Literal('CLOSED'),
    ]),
    total_freeze_amount: Type.Optional(Amount),
    total_pay_amount: Type.Optional(Amount),
    gmt_create: Type.Optional(Moment),
    gmt_trans: Type.Optional(Moment),
  }),
)
export const readTrade = reader(
  Type.Object({
    out_trade_no: Text,
    trade_no: Text,
    trade_status: Type.Union([
      Type.Literal('WAIT_BUYER_PAY'),
      Type.Literal('TRADE_SUCCESS'),
      Type.Literal('TRADE_FINISHED'),
      Type.Literal('TRADE_CLOSED'),
    ]),
    total_amount: Amount,
  }),
)
export const readPay = reader(Type.Object({ out_trade_no: Text, trade_no: Text, total_amount: Amount }))
export const readUnfreeze = reader(
  Type.Object({
    auth_no: Text,
    out_request_no: Text,
    amount: Amount,
    status: Type.Union([Type.Literal('INIT'), Type.Literal('SUCCESS'), Type.Literal('CLOSED')]),
  }),
)
export const readCancel = reader(
  Type.Object({
    out_order_no: Text,
    action: Type.Union([Type.Literal('close'), Type.Literal('unfreeze')]),
  }),
)
export const readRefund = reader(Type.Object({ out_trade_no: Text }))
/** A refund that it does not know is answered without these fields. */
export const readRefundDetail = reader(
  Type.Object({
    out_request_no: Type.Optional(Text),
    refund_amount: Type.Optional(Amount),
    refund_status: Type.Optional(Text),
  }),
)

const envelope = Compile(Envelope)

/**
 * Reads the inner object of an answer. Codes of the gateway: 10000 done, 10003 and 20000 not known yet, 40004 a no with
 * a reason, all others a request that it does not take. Source: https://opendocs.alipay.com/common/02km9f
 */
function reader<S extends TSchema>(schema: S): (answer: unknown) => Static<S> {
  const fields = Compile(schema)
  return (answer) => {
    requireDone(answer)
    if (fields.Check(answer)) return answer as Static<S>
    throw new ProviderFault('unknown', `answer does not fit: ${fields.Errors(answer)[0]?.instancePath ?? ''}`)
  }
}

function requireDone(answer: unknown): void {
  if (!envelope.Check(answer)) throw new ProviderFault('unknown', 'unreadable answer')
  const reason = answer.sub_code ?? answer.code
  switch (answer.code) {
    case '10000':
      return
    case '10003':
    case '20000':
      throw new ProviderFault('unknown', reason)
    case '40004':
      // The provider's own trouble also comes as "business failed": then nothing is certain either.
      throw new ProviderFault(/SYSTEM_ERROR|SYSTEM_BUSY|TIMEOUT/i.test(reason) ? 'unknown' : 'declined', reason)
    default:
      throw new ProviderFault('invalid_request', reason)
  }
}

/** An amount of an answer in fen; one that is out of our range is no answer of ours. */
export function amountOf(yuan: string): MinorUnits {
  const fen = fenFrom(yuan)
  if (fen === null) throw new ProviderFault('unknown', 'an amount is out of range')
  return fen
}

/** An answer must speak of what was asked about: an old, validly signed answer must not pass for a new one. */
export function requireSame(what: string, asked: string, answered: string): void {
  if (asked !== answered) throw new ProviderFault('unknown', `the answer is about another ${what}`)
}

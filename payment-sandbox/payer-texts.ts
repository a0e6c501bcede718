/** The payer page's words. One object per language; a missing word is a type error. */
export interface PayerTexts {
  readonly lang: string
  readonly title: string
  readonly sandbox: string
  readonly ask: string
  readonly merchant: string
  readonly purpose: string
  readonly hold: string
  readonly amount: string
  readonly holdNote: string
  readonly approve: string
  readonly decline: string
  readonly expire: string
  /** Back to the merchant without an answer: the question stays open. */
  readonly later: string
  readonly approved: string
  readonly declined: string
  readonly expired: string
  readonly cancelled: string
  readonly settled: string
  readonly unknown: string
  readonly back: string
}

const en: PayerTexts = {
  lang: 'en',
  title: 'Approve a hold',
  sandbox: 'Practice wallet: no real money',
  ask: 'Approve this hold?',
  merchant: 'Merchant',
  purpose: 'For',
  hold: 'Amount held',
  amount: 'Amount asked',
  holdNote:
    'The amount is set aside, not paid. You pay the price of your ride afterwards and the rest comes back to you.',
  approve: 'Approve',
  decline: 'Decline',
  expire: 'Let it expire',
  later: 'Go back without an answer',
  approved: 'Approved. The amount is held.',
  declined: 'Declined. Nothing was held.',
  expired: 'This request has expired. Nothing was held.',
  cancelled: 'The merchant cancelled this request. Nothing is held.',
  settled: 'This hold is over. Nothing is held any more.',
  unknown: 'This payment request does not exist.',
  back: 'Back to the merchant',
}

const nl: PayerTexts = {
  lang: 'nl',
  title: 'Reservering goedkeuren',
  sandbox: 'Oefenportemonnee: geen echt geld',
  ask: 'Deze reservering goedkeuren?',
  merchant: 'Aanbieder',
  purpose: 'Voor',
  hold: 'Gereserveerd bedrag',
  amount: 'Gevraagd bedrag',
  holdNote:
    'Het bedrag wordt apart gezet, niet betaald. Je betaalt achteraf de prijs van je rit en krijgt de rest terug.',
  approve: 'Goedkeuren',
  decline: 'Weigeren',
  expire: 'Laten verlopen',
  later: 'Terug zonder antwoord',
  approved: 'Goedgekeurd. Het bedrag is gereserveerd.',
  declined: 'Geweigerd. Er is niets gereserveerd.',
  expired: 'Dit verzoek is verlopen. Er is niets gereserveerd.',
  cancelled: 'De aanbieder heeft dit verzoek ingetrokken. Er is niets gereserveerd.',
  settled: 'Deze reservering is afgelopen. Er staat niets meer vast.',
  unknown: 'Dit betaalverzoek bestaat niet.',
  back: 'Terug naar de aanbieder',
}

const zh: PayerTexts = {
  lang: 'zh',
  title: '确认预授权',
  sandbox: '演示钱包：不涉及真实资金',
  ask: '是否同意冻结这笔金额？',
  merchant: '商家',
  purpose: '用途',
  hold: '冻结金额',
  amount: '申请金额',
  holdNote: '该金额仅被冻结，并未支付。骑行结束后按实际费用扣款，剩余金额将退回给您。',
  approve: '同意',
  decline: '拒绝',
  expire: '让它过期',
  later: '暂不处理，先返回',
  approved: '已同意，金额已冻结。',
  declined: '已拒绝，未冻结任何金额。',
  expired: '该请求已过期，未冻结任何金额。',
  cancelled: '商家已取消该请求，没有冻结金额。',
  settled: '该预授权已结束，没有冻结金额。',
  unknown: '该付款请求不存在。',
  back: '返回商家',
}

const byLanguage: Readonly<Record<string, PayerTexts>> = { en, nl, zh }

/** More wishes than this in one Accept-Language header are not read. */
const maxWishes = 10

/** The texts in the first language of an Accept-Language header that this page speaks; English otherwise. */
export function payerTexts(acceptLanguage: string): PayerTexts {
  const wishes = acceptLanguage
    .split(',')
    .slice(0, maxWishes)
    .map((wish) => {
      const [range = '', quality] = wish.trim().split(';q=')
      return { language: range.slice(0, 2).toLowerCase(), quality: quality === undefined ? 1 : Number(quality) }
    })
    .sort((a, b) => b.quality - a.quality)
  for (const wish of wishes) {
    const texts = Object.hasOwn(byLanguage, wish.language) ? byLanguage[wish.language] : undefined
    if (texts !== undefined) return texts
  }
  return en
}

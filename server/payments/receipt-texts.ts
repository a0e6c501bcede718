import type { FareLine } from '../../contracts/http/trips.ts'

export const receiptLanguages = ['en', 'nl', 'zh'] as const
export type ReceiptLanguage = (typeof receiptLanguages)[number]

export interface ReceiptTexts {
  readonly locale: string
  readonly title: string
  readonly issued: string
  readonly bike: string
  readonly started: string
  readonly ended: string
  readonly paused: string
  readonly item: string
  readonly quantity: string
  readonly each: string
  readonly amount: string
  readonly total: string
  readonly vatIncluded: string
  readonly paid: string
  readonly refunded: string
  readonly stillOpen: string
  readonly corrections: string
  readonly correctionKinds: Readonly<Record<'refund' | 'forgiven', string>>
  readonly totalNow: string
  readonly tariff: string
  readonly paymentReference: string
  readonly scan: string
  readonly minutes: string
  readonly missing: string
  readonly lines: Readonly<Record<FareLine['key'], string>>
}

export const receiptTexts: Readonly<Record<ReceiptLanguage, ReceiptTexts>> = {
  en: {
    locale: 'en-GB',
    title: 'Receipt',
    issued: 'Issued',
    bike: 'Bike',
    started: 'Start',
    ended: 'End',
    paused: 'Paused',
    item: 'Item',
    quantity: 'Quantity',
    each: 'Each',
    amount: 'Amount',
    total: 'Total',
    vatIncluded: 'of which VAT',
    paid: 'Paid',
    refunded: 'Refunded',
    stillOpen: 'Still to be paid',
    corrections: 'Corrections of this receipt',
    correctionKinds: { refund: 'Given back', forgiven: 'Not asked any more' },
    totalNow: 'Total after corrections',
    tariff: 'Tariff',
    paymentReference: 'Payment reference',
    scan: 'Scan to see this receipt again',
    minutes: 'min',
    missing: 'There is no receipt here. Look at the address again.',
    lines: {
      unlock: 'Unlocking',
      ride_minutes: 'Riding, started minutes',
      pause_minutes: 'Pause, started minutes',
      day_cap: 'Day maximum reached',
      free_exit: 'Free exit',
      lock_fault: 'Fault of the lock',
      waived_unlock: 'Unlocking, not charged',
      waived_ride_minutes: 'Riding, not charged',
      waived_pause_minutes: 'Pause, not charged',
      given_back: 'Given back',
      wrong_place: 'Left outside the service area',
      no_parking: 'Left in a no-parking zone',
      hotspot_reward: 'Reward: left at a hotspot',
      put_right: 'Put right in time',
      waived_wrong_place: 'Outside the service area, not charged',
      waived_no_parking: 'No-parking zone, not charged',
    },
  },
  nl: {
    locale: 'nl-NL',
    title: 'Bon',
    issued: 'Uitgegeven',
    bike: 'Fiets',
    started: 'Begin',
    ended: 'Einde',
    paused: 'Pauze',
    item: 'Omschrijving',
    quantity: 'Aantal',
    each: 'Per stuk',
    amount: 'Bedrag',
    total: 'Totaal',
    vatIncluded: 'waarvan btw',
    paid: 'Betaald',
    refunded: 'Terugbetaald',
    stillOpen: 'Nog te betalen',
    corrections: 'Correcties op deze bon',
    correctionKinds: { refund: 'Teruggegeven', forgiven: 'Niet meer gevraagd' },
    totalNow: 'Totaal na correcties',
    tariff: 'Tarief',
    paymentReference: 'Betalingskenmerk',
    scan: 'Scan om deze bon opnieuw te bekijken',
    minutes: 'min',
    missing: 'Hier is geen bon. Controleer het adres.',
    lines: {
      unlock: 'Ontgrendelen',
      ride_minutes: 'Rijden, begonnen minuten',
      pause_minutes: 'Pauze, begonnen minuten',
      day_cap: 'Dagmaximum bereikt',
      free_exit: 'Gratis afgebroken',
      lock_fault: 'Storing van het slot',
      waived_unlock: 'Ontgrendelen, niet berekend',
      waived_ride_minutes: 'Rijden, niet berekend',
      waived_pause_minutes: 'Pauze, niet berekend',
      given_back: 'Teruggegeven',
      wrong_place: 'Buiten het servicegebied achtergelaten',
      no_parking: 'In een parkeerverbod achtergelaten',
      hotspot_reward: 'Beloning: op een hotspot gezet',
      put_right: 'Op tijd rechtgezet',
      waived_wrong_place: 'Buiten het servicegebied, niet berekend',
      waived_no_parking: 'Parkeerverbod, niet berekend',
    },
  },
  zh: {
    locale: 'zh-CN',
    title: '收据',
    issued: '开具时间',
    bike: '车辆',
    started: '开始',
    ended: '结束',
    paused: '暂停',
    item: '项目',
    quantity: '数量',
    each: '单价',
    amount: '金额',
    total: '合计',
    vatIncluded: '其中增值税',
    paid: '已支付',
    refunded: '已退款',
    stillOpen: '待支付',
    corrections: '本收据的更正',
    correctionKinds: { refund: '退还', forgiven: '不再收取' },
    totalNow: '更正后合计',
    tariff: '资费',
    paymentReference: '支付单号',
    scan: '扫码再次查看此收据',
    minutes: '分钟',
    missing: '此处没有收据，请检查网址。',
    lines: {
      unlock: '开锁费',
      ride_minutes: '骑行（按开始的分钟计）',
      pause_minutes: '暂停（按开始的分钟计）',
      day_cap: '已达每日上限',
      free_exit: '免费结束',
      lock_fault: '车锁故障',
      waived_unlock: '开锁费（免收）',
      waived_ride_minutes: '骑行（免收）',
      waived_pause_minutes: '暂停（免收）',
      given_back: '退还',
      wrong_place: '停在服务区外',
      no_parking: '停在禁停区',
      hotspot_reward: '推荐停车点奖励',
      put_right: '及时纠正',
      waived_wrong_place: '服务区外停车（免收）',
      waived_no_parking: '禁停区停车（免收）',
    },
  },
}

/** The first of the caller's languages that we speak, by its own order of quality; English otherwise. */
export function preferredLanguage(acceptLanguage: string | undefined): ReceiptLanguage {
  const wanted = (acceptLanguage ?? '')
    .slice(0, 200)
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().toLowerCase().split(';')
      const quality = parameters.map((text) => /^\s*q=([01](?:\.[0-9]{0,3})?)$/.exec(text)?.[1]).find(Boolean)
      return { language: tag.split('-')[0] ?? '', quality: quality === undefined ? 1 : Number(quality) }
    })
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality)
  for (const { language } of wanted) {
    const known = receiptLanguages.find((one) => one === language)
    if (known) return known
  }
  return 'en'
}

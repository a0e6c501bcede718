import './bike.css'
import type { Terms } from '../../contracts/http/bikes.ts'
import { formatMoney } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'

/** What will be billed, in one sentence, and the rules a rider must know before paying. */
export function TermsSentence({ terms }: { readonly terms: Terms }) {
  const { t, tag } = useText()
  const money = (amount: number) => formatMoney(tag, amount, terms.currency)
  return (
    <section className="stack terms" aria-label={t('terms.title')}>
      <p className="price">
        {t('terms.price', {
          unlock: money(terms.unlockFee),
          minute: money(terms.perMinute),
          pause: money(terms.pausePerMinute),
          cap: money(terms.dayCap),
        })}
      </p>
      <ul className="rules small">
        <li>{t('terms.hold', { hold: money(terms.hold) })}</li>
        <li>{t('terms.lock_is_bill')}</li>
        <li>{t('terms.free_exit', { minutes: terms.freeExitMinutes })}</li>
        <li>{t('terms.end')}</li>
        {terms.wrongPlaceFee + terms.noParkingFee > 0 && (
          <li>{t('terms.place', { outside: money(terms.wrongPlaceFee), banned: money(terms.noParkingFee) })}</li>
        )}
      </ul>
    </section>
  )
}

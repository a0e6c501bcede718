import type { StaffTrip } from '../../contracts/http/staff-trips.ts'
import { formatMoney } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { formatMoment } from './city-moment.ts'
import { FareLines } from './fare-lines.tsx'

/** What the ride costs and why, what was taken, and what went back. */
export function MoneyBox({ found }: { readonly found: StaffTrip }) {
  const { t, tag } = useText()
  const { price, payment } = found.trip
  const money = (amount: number) => formatMoney(tag, amount, price.currency)
  const onItsWay = payment.refundAsked - payment.refunded
  const owed = payment.state === 'debt' ? payment.due - payment.captured : 0
  const sums: readonly (readonly [string, number])[] = [
    [t('trips.held'), payment.held],
    [t('trips.taken'), payment.captured],
    ...(payment.refunded > 0 ? [[t('trips.given_back'), payment.refunded] as const] : []),
    ...(onItsWay > 0 ? [[t('trips.on_its_way'), onItsWay] as const] : []),
    ...(owed > 0 ? [[t('trips.still_owed'), owed] as const] : []),
    ...(found.forgiven > 0 ? [[t('trips.let_go'), found.forgiven] as const] : []),
  ]
  return (
    <section className="card stack trip-money" aria-label={t('trips.money')}>
      <div className="row wrap spread">
        <h2>{t('trips.money')}</h2>
        <span className={payment.state === 'debt' ? 'badge warn' : 'badge'}>{t(`trips.pay.${payment.state}`)}</span>
      </div>
      <FareLines price={price} caption={t('trips.money')} />
      <dl className="facts">
        {sums.map(([name, amount]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="number">{money(amount)}</dd>
          </div>
        ))}
        <div>
          <dt>{t('trips.tariff')}</dt>
          <dd>{found.tariffId}</dd>
        </div>
        <div>
          <dt>{t('trips.provider')}</dt>
          <dd>{found.provider}</dd>
        </div>
        {found.paymentReference !== null && (
          <div>
            <dt>{t('trips.reference')}</dt>
            <dd className="number">{found.paymentReference}</dd>
          </div>
        )}
        <div>
          <dt>{t('trips.receipt')}</dt>
          <dd className="number">
            {found.receipt === null ? (
              t('trips.no_receipt')
            ) : (
              <a href={found.receipt.path} target="_blank" rel="noreferrer">
                {found.receipt.number}
              </a>
            )}
          </dd>
        </div>
      </dl>
      {found.refunds.length > 0 && <Refunds refunds={found.refunds} money={money} />}
    </section>
  )
}

function Refunds({
  refunds,
  money,
}: {
  readonly refunds: StaffTrip['refunds']
  readonly money: (amount: number) => string
}) {
  const { t, tag } = useText()
  return (
    <>
      <h3>{t('trips.refunds')}</h3>
      <ul className="stack refunds">
        {refunds.map((refund) => (
          <li key={refund.refundId}>
            <p className="row wrap spread">
              <strong className="number">{money(refund.amount)}</strong>
              <span className={refund.state === 'pending' ? 'badge warn' : 'badge'} data-refund={refund.state}>
                {t(`trips.refund.${refund.state}`)}
              </span>
            </p>
            <p className="small soft number">
              {formatMoment(tag, refund.doneAt ?? refund.at)} · {refund.by ?? t('trips.refund.by_itself')}
            </p>
            {refund.reason !== null && <q className="small">{refund.reason}</q>}
          </li>
        ))}
      </ul>
    </>
  )
}

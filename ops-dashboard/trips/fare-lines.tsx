import type { TripPrice } from '../../contracts/http/trips.ts'
import { formatMoney } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'

/** A price with the reason of each line. */
export function FareLines({ price, caption }: { readonly price: TripPrice; readonly caption: string }) {
  const { t, tag } = useText()
  const money = (amount: number) => formatMoney(tag, amount, price.currency)
  return (
    <table className="fare">
      <caption className="visually-hidden">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{t('trips.line')}</th>
          <th scope="col">{t('trips.why')}</th>
          <th scope="col">{t('trips.amount')}</th>
        </tr>
      </thead>
      <tbody>
        {price.lines.map(({ key, quantity, unitAmount, amount }) => (
          <tr key={key}>
            <th scope="row">{t(`trips.fare.${key}`)}</th>
            <td className="soft number">
              {quantity > 1 || key.endsWith('minutes') ? `${quantity} × ${money(unitAmount)}` : ''}
            </td>
            <td className="number">{money(amount)}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row" colSpan={2}>
            {t('trips.total')}
            {!price.final && <span className="soft"> · {t('trips.running')}</span>}
          </th>
          <td className="number">{money(price.total)}</td>
        </tr>
      </tfoot>
    </table>
  )
}

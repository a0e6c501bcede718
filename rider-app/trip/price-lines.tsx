import type { TripPrice } from '../../contracts/http/trips.ts'
import { formatMoney } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'

/** The bill, each line with its reason. */
export function PriceLines({ price }: { readonly price: TripPrice }) {
  const { t, tag } = useText()
  const money = (amount: number) => formatMoney(tag, amount, price.currency)
  return (
    <table className="bill">
      <caption className="visually-hidden">{t('done.bill')}</caption>
      <tbody>
        {price.lines.map((line) => (
          <tr key={line.key}>
            <th scope="row">
              {t(`fare.${line.key}`, { count: line.quantity, unit: money(Math.abs(line.unitAmount)) })}
              <span className="small soft note">{t(`fare.why.${line.key}`)}</span>
            </th>
            <td className="number">{money(line.amount)}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">{t('done.total')}</th>
          <td className="number">{money(price.total)}</td>
        </tr>
      </tfoot>
    </table>
  )
}

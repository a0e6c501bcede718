import type { CityStreet, StreetFault } from '../../contracts/http/demo.ts'
import { useText } from '../../ui-kit/i18n/text.ts'

/** What the street is doing now, as the city process counts it. */
export function StreetFigures({ street }: { readonly street: CityStreet }) {
  const { t, tag } = useText()
  const number = new Intl.NumberFormat(tag)
  const figures: readonly (readonly [string, number])[] = [
    [t('demo.f.bikes'), street.bikes],
    [t('demo.f.connected'), street.connected],
    [t('demo.f.riding'), street.riding],
    [t('demo.f.trips'), street.tripsBegun],
    [t('demo.f.vans'), street.vansOut],
    [t('demo.f.moved'), street.bikesMoved],
    [t('demo.f.suffering'), street.suffering],
  ]
  const happened = Object.entries(street.happened).filter(([, count]) => count > 0)
  return (
    <section className="card stack" aria-labelledby="demo-street">
      <h2 id="demo-street">{t('demo.street')}</h2>
      <dl className="facts">
        {figures.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="number">{number.format(value)}</dd>
          </div>
        ))}
      </dl>
      <p className="soft small">
        {happened.length === 0
          ? t('demo.nothing_yet')
          : happened.map(([kind, count]) => `${t(`demo.fault.${kind as StreetFault}`)}: ${count}`).join(' · ')}
      </p>
    </section>
  )
}

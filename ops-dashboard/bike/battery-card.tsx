import type { BatteryHour, BikePage } from '../../contracts/http/bike-page.ts'
import { formatDay } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { Sparkline } from './sparkline.tsx'

/** The last week of the battery: charge and voltage, how fast it empties, and when it is flat if that goes on. */
export function BatteryCard({ bike }: { readonly bike: BikePage }) {
  const { t, tag } = useText()
  const { hours, percentPerDay, emptyAt } = bike.battery
  const volts = hours.filter((hour): hour is BatteryHour & { milliVolts: number } => hour.milliVolts !== null)
  const last = volts.at(-1)
  return (
    <section className="card stack" aria-labelledby="bike-battery">
      <h2 id="bike-battery">{t('bikes.battery')}</h2>
      {hours.length < 2 ? (
        <p className="soft">{t('bikes.battery_little')}</p>
      ) : (
        <div className="sparks">
          <Sparkline
            label={t('bikes.battery_line', {
              from: Math.round(hours[0]?.percent ?? 0),
              to: Math.round(hours.at(-1)?.percent ?? 0),
            })}
            unit="%"
            bounds={[0, 100]}
            points={hours.map(({ at, percent }) => ({ at, value: percent }))}
          />
          {volts.length > 1 && last !== undefined && (
            <Sparkline
              label={t('bikes.voltage_line', { volts: (last.milliVolts / 1_000).toFixed(2) })}
              unit="V"
              bounds={null}
              points={volts.map(({ at, milliVolts }) => ({ at, value: milliVolts / 1_000 }))}
            />
          )}
        </div>
      )}
      {percentPerDay !== null && (
        <p className="small">
          {percentPerDay < 0 ? t('bikes.falls', { percent: -percentPerDay }) : t('bikes.holds')}
          {emptyAt !== null && ` ${t('bikes.empty_at', { day: formatDay(tag, emptyAt) })}`}
        </p>
      )}
    </section>
  )
}

import type { CrewBike } from '../../contracts/http/crews.ts'
import { BatteryMark } from '../../ui-kit/battery-mark.tsx'
import { formatBikeNumber } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'

const shownOfCode = 6

/** The number as it is printed, or the start of the code of a bike of which nothing else is known. */
export const bikeText = (bike: Pick<CrewBike, 'number' | 'code'>): string =>
  bike.number === '' ? `QR ${bike.code.slice(0, shownOfCode)}` : formatBikeNumber(bike.number)

export function BikeName({ bike }: { readonly bike: CrewBike }) {
  return <span className="bike-name number">{bikeText(bike)}</span>
}

/** Battery and why it is to be moved, in short words. */
export function BikeFacts({ bike }: { readonly bike: CrewBike }) {
  const { t } = useText()
  const reasons = bike.reasons.filter((reason) => reason !== 'broken' || !bike.isBroken)
  return (
    <span className="bike-facts">
      {bike.batteryPercent !== null && <BatteryMark percent={bike.batteryPercent} />}
      {bike.isBroken && <span className="badge warn">{t('crew.bike.broken')}</span>}
      {reasons.map((reason) => (
        <span key={reason} className="badge">
          {t(`crew.reason.${reason}`)}
        </span>
      ))}
    </span>
  )
}

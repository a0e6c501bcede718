import { useState } from 'react'
import type { CrewBike, CrewRoute, CrewStop } from '../../contracts/http/crews.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { BikeName } from '../bike/bike-name.tsx'
import { useNight } from '../night/use-night.ts'
import { giveTarget, stopOfBike } from '../route/stop-at-hand.ts'
import { Sheet } from '../sheet.tsx'

/**
 * Which bikes of the van are put down here: a counter takes the last loaded ones, a tap any other.
 * @param stop null: after the shift, wherever the van is
 */
export function PutDownSheet({
  route,
  stop,
  onClose,
}: {
  readonly route: CrewRoute
  readonly stop: CrewStop | null
  readonly onClose: () => void
}) {
  const { t } = useText()
  const { act } = useNight()
  const order = orderFor(route.load, stop)
  const offered = stop === null || stop.kind === 'depot' ? order : order.filter((bike) => !bike.isBroken)
  const wanted = stop === null ? order.length : Math.max(0, giveTarget(route, stop) - stop.given)
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => firstOf(offered, wanted))
  const toggle = (bikeId: string) => {
    const next = new Set(chosen)
    if (!next.delete(bikeId)) next.add(bikeId)
    setChosen(next)
  }
  const putDown = async () => {
    onClose()
    for (const bike of order) {
      if (chosen.has(bike.bikeId))
        await act({ act: 'unload', bike: bike.number || bike.code, stopId: stop?.stopId ?? null })
    }
  }
  const count = chosen.size
  return (
    <Sheet title={t('crew.put.title')} onClose={onClose} full>
      <div className="row spread counter">
        <button
          type="button"
          className="button"
          aria-label={t('crew.put.one_less')}
          disabled={count === 0}
          onClick={() => setChosen(firstOf(order, count - 1))}
        >
          −
        </button>
        <p className="huge number" role="status">
          {count}
        </p>
        <button
          type="button"
          className="button"
          aria-label={t('crew.put.one_more')}
          disabled={count >= order.length}
          onClick={() => setChosen(firstOf(order, count + 1))}
        >
          +
        </button>
      </div>
      <ul className="cards scroll">
        {order.map((bike) => (
          <li key={bike.bikeId}>
            <button
              type="button"
              className="bike-card"
              aria-pressed={chosen.has(bike.bikeId)}
              onClick={() => toggle(bike.bikeId)}
            >
              <span className="row spread">
                <BikeName bike={bike} />
                {bike.isBroken ? (
                  <span className="badge warn">{t('crew.bike.to_workshop')}</span>
                ) : (
                  <span aria-hidden="true">{chosen.has(bike.bikeId) ? '✓' : ''}</span>
                )}
              </span>
              <span className="soft">
                {t('crew.van.from', { name: stopOfBike(route, bike)?.name ?? t('crew.van.unlisted') })}
              </span>
            </button>
          </li>
        ))}
      </ul>
      <button type="button" className="button main wide" disabled={count === 0} onClick={() => void putDown()}>
        {t('crew.put.here', { count })}
      </button>
    </Sheet>
  )
}

/** Last in, first out; broken ones are for the workshop and come last elsewhere. */
function orderFor(load: readonly CrewBike[], stop: CrewStop | null): readonly CrewBike[] {
  const lastFirst = load.toReversed()
  if (stop === null || stop.kind === 'depot') return lastFirst
  return [...lastFirst.filter((bike) => !bike.isBroken), ...lastFirst.filter((bike) => bike.isBroken)]
}

const firstOf = (order: readonly CrewBike[], count: number): ReadonlySet<string> =>
  new Set(order.slice(0, Math.max(0, count)).map((bike) => bike.bikeId))

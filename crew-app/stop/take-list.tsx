import type { CrewBike, CrewStop } from '../../contracts/http/crews.ts'
import { formatAge } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { BikeFacts, BikeName } from '../bike/bike-name.tsx'
import { useCityTime } from '../night/use-night.ts'
import { openTakes } from '../route/stop-at-hand.ts'

/** The bikes to take here, those that are still to be found first. */
export function TakeList({ stop, onOpen }: { readonly stop: CrewStop; readonly onOpen: (bike: CrewBike) => void }) {
  const { t } = useText()
  const open = openTakes(stop)
  const rest = stop.take.filter((bike) => !open.includes(bike))
  return (
    <section aria-labelledby="take">
      <div className="row spread section-head">
        <h2 id="take">{t('crew.take.title', { count: stop.take.length })}</h2>
        <p className="number">{t('crew.take.left', { count: open.length })}</p>
      </div>
      <ul className="cards">
        {[...open, ...rest].map((bike) => (
          <li key={bike.bikeId}>
            <TakeCard bike={bike} onOpen={() => onOpen(bike)} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function TakeCard({ bike, onOpen }: { readonly bike: CrewBike; readonly onOpen: () => void }) {
  const { t, tag } = useText()
  const nowMs = useCityTime()
  return (
    <button type="button" className="bike-card" data-state={bike.state} onClick={onOpen}>
      <span className="row spread">
        <BikeName bike={bike} />
        {bike.state === 'planned' ? (
          <span className="soft">
            {bike.lastHeardAt === null
              ? t('crew.bike.never_heard')
              : t('crew.bike.heard', { age: formatAge(tag, nowMs - bike.lastHeardAt) })}
          </span>
        ) : (
          <span className="badge state">{t(`crew.state.${bike.state}`)}</span>
        )}
      </span>
      {bike.state === 'planned' && <BikeFacts bike={bike} />}
    </button>
  )
}

import './bike-page.css'
import { useQueryClient } from '@tanstack/react-query'
import type { BikePage as Page } from '../../contracts/http/bike-page.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { formatBikeNumber } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice, Waiting } from '../../ui-kit/notices.tsx'
import { PageFrame } from '../frame/page-frame.tsx'
import { useDeskEvents } from '../live/use-desk-events.ts'
import { refusedOf, useAsked } from '../use-asked.ts'
import { BatteryCard } from './battery-card.tsx'
import { BikeAlarms } from './bike-alarms.tsx'
import { BikeHead } from './bike-head.tsx'
import { BikePlace } from './bike-place.tsx'
import { BikeTasks } from './bike-tasks.tsx'
import { CommandPanel } from './command-panel.tsx'
import { LockSettingsCard } from './lock-settings-card.tsx'
import { NotesCard } from './notes-card.tsx'
import { SelfTestCard } from './self-test-card.tsx'
import { ServiceCard } from './service-card.tsx'
import { StickerCard } from './sticker-card.tsx'
import { TimelineCard } from './timeline-card.tsx'

/** Ages and positions move on without an event. */
const lookAgainEveryMs = 5_000

/** Everything about one bike, by the number printed on it: /ops/bikes/1001. */
export function BikePage({
  number,
  onRefused,
}: {
  readonly number: string
  readonly onRefused: (refused: Refused) => void
}) {
  const { t } = useText()
  const queries = useQueryClient()
  const path = `/v1/staff/bikes/by-number/${number}`
  const asked = useAsked<Page>(path, onRefused, lookAgainEveryMs)
  const bikeId = asked.data?.bikeId
  useDeskEvents((event) => {
    if (event.kind === 'again' || ('bikeId' in event && event.bikeId === bikeId)) {
      void queries.invalidateQueries({ queryKey: [path] })
    }
  })
  const title = t('bike.number', { number: formatBikeNumber(number) })
  return (
    <PageFrame title={title}>
      {asked.data === undefined && <h1>{title}</h1>}
      {asked.isPending && <Waiting text={t('app.loading')} />}
      {asked.isError && asked.data === undefined && (
        <RefusalNotice refused={refusedOf(asked.error)} onAgain={() => void asked.refetch()} />
      )}
      {asked.data !== undefined && (
        <Story
          bike={asked.data}
          lookAgain={() => void queries.invalidateQueries({ queryKey: [path] })}
          onRefused={onRefused}
        />
      )}
    </PageFrame>
  )
}

function Story({
  bike,
  lookAgain,
  onRefused,
}: {
  readonly bike: Page
  readonly lookAgain: () => void
  readonly onRefused: (refused: Refused) => void
}) {
  const { t } = useText()
  const { bikeId, number } = bike
  return (
    <div className="bike-page">
      <BikeHead bike={bike} />
      <div className="bike-left stack">
        <BikeAlarms bikeId={bikeId} />
        <section className="card stack" aria-labelledby="bike-acts">
          <h2 id="bike-acts">{t('bikes.acts')}</h2>
          <CommandPanel bikeId={bikeId} number={number} parts={bike.lock.parts} />
        </section>
        <LockSettingsCard bikeId={bikeId} number={number} onRefused={onRefused} />
        <ServiceCard bike={bike} onChanged={lookAgain} />
        <BikeTasks bikeId={bikeId} />
        <NotesCard bikeId={bikeId} />
        <StickerCard bike={bike} />
      </div>
      <div className="bike-right stack">
        <BikePlace bike={bike} />
        <BatteryCard bike={bike} />
        <SelfTestCard health={bike.lock} />
        <TimelineCard bikeId={bikeId} number={number} />
      </div>
    </div>
  )
}

import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { Link } from 'wouter'
import type { BikeDetails } from '../../contracts/http/staff.ts'
import { stateOfByte } from '../../contracts/live/fleet-frame.ts'
import { formatAge, formatBikeNumber, formatClock, formatDistance } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice, Waiting } from '../../ui-kit/notices.tsx'
import { StateMark } from '../../ui-kit/state-mark.tsx'
import { BikeActs, BikeTimeline } from '../bike/bike-parts.tsx'
import { ConfirmedAct } from '../frame/confirmed-act.tsx'
import { useHasPage } from '../frame/desk-paths.ts'
import { NavIcon } from '../frame/nav-icon.tsx'
import { Tabs } from '../frame/tabs.tsx'
import { useDeskEvents } from '../live/use-desk-events.ts'
import { opsApi, valueOrThrow } from '../ops-api.ts'
import { type AskFault, refusedOf } from '../use-asked.ts'
import { BikeAlarms } from './bike-alarms.tsx'
import type { ListedFleet } from './bike-list.tsx'
import { nearestBikes } from './nearest-bikes.ts'
import type { FleetDesk } from './use-fleet-desk.ts'

const lookAgainEveryMs = 5_000
const nearestShown = 5

/** All that we believe about one bike and what can be done for it, asked again while it is open. */
export function BikePanel({
  desk,
  fleet,
  row,
}: {
  readonly desk: FleetDesk
  readonly fleet: ListedFleet
  readonly row: number
}) {
  const { view, change } = desk
  const hasBikePage = useHasPage('/bikes/:number')
  const { t } = useText()
  const id = useId()
  const bikeId = fleet.table.bikeIds[row] as string
  const number = fleet.table.numbers[row] as string
  const details = useQuery<BikeDetails, AskFault>({
    queryKey: ['bike', bikeId],
    queryFn: () => valueOrThrow<BikeDetails>(opsApi.get<BikeDetails>(`/v1/staff/bikes/${bikeId}`)),
    refetchInterval: lookAgainEveryMs,
  })
  useDeskEvents((event) => {
    if (event.kind === 'again' || ('bikeId' in event && event.bikeId === bikeId)) void details.refetch()
  })
  const state = stateOfByte(fleet.table.states[row] as number)
  return (
    <section className="panel" aria-label={t('ops.details')}>
      <PanelHead number={number} onClose={() => change({ bike: null, follow: false })}>
        <StateMark state={state} />
        <span role="status">{t(`bike_state.${state}`)}</span>
      </PanelHead>
      <div className="panel-tools">
        <button
          type="button"
          className="tool"
          aria-pressed={view.follow}
          title={t('ops.keys.follow')}
          onClick={() => change({ follow: !view.follow })}
        >
          <NavIcon name="follow" /> {t('ops.follow')}
        </button>
        <button
          type="button"
          className="tool"
          onClick={() => {
            change({ tab: 'map' })
            desk.open(number)
          }}
        >
          <NavIcon name="fleet" /> {t('ops.show_on_map')}
        </button>
        <CopyLink />
        {hasBikePage && (
          <Link className="tool" href={`/bikes/${number}`}>
            <NavIcon name="file" /> {t('ops.bike_page')}
          </Link>
        )}
      </div>
      <Tabs
        id={id}
        label={t('ops.details')}
        tabs={(['bike', 'timeline'] as const).map((key) => ({ key, text: t(`ops.panel.${key}`) }))}
        open={view.panel}
        onOpen={(panel) => change({ panel })}
      />
      <div id={`${id}-panel`} role="tabpanel" aria-labelledby={`${id}-${view.panel}`} className="panel-body stack">
        {view.panel === 'timeline' ? (
          <BikeTimeline bikeId={bikeId} number={number} compact />
        ) : (
          <>
            {details.isPending && <Waiting text={t('app.loading')} />}
            {details.isError && (
              <RefusalNotice refused={refusedOf(details.error)} onAgain={() => void details.refetch()} />
            )}
            <BikeAlarms bikeId={bikeId} cityMs={fleet.table.cityMs} />
            <BikeActs bikeId={bikeId} number={number} />
            {state === 'with_crew' && (
              <ConfirmedAct
                key={bikeId}
                button={t('ops.free_bike')}
                title={t('ops.free_bike_title', { number: formatBikeNumber(number) })}
                what={t('ops.free_bike_what')}
                confirm={t('ops.free_bike_now')}
                path={`/v1/staff/bikes/${bikeId}/free`}
                onSettled={() => void details.refetch()}
              />
            )}
            {details.data !== undefined && (
              <Facts bike={details.data} cityMs={fleet.table.cityMs} zone={desk.zone?.name ?? null} />
            )}
            <Nearest fleet={fleet} row={row} onSelect={desk.open} />
          </>
        )}
      </div>
    </section>
  )
}

function PanelHead({
  number,
  onClose,
  children,
}: {
  readonly number: string
  readonly onClose: () => void
  readonly children: ReactNode
}) {
  const { t } = useText()
  const title = useRef<HTMLHeadingElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolled to its start for each bike
  useEffect(() => {
    // newer browsers answer with a promise, which is no clean-up
    void title.current?.scrollIntoView({ block: 'nearest' })
  }, [number])
  return (
    <div className="panel-head">
      <h2 ref={title} className="number">
        {t('bike.number', { number: formatBikeNumber(number) })}
      </h2>
      <p className="state-line">{children}</p>
      <button type="button" className="tool" aria-label={t('ops.close')} title={t('ops.close')} onClick={onClose}>
        <NavIcon name="close" />
      </button>
    </div>
  )
}

function CopyLink() {
  const { t } = useText()
  const [isCopied, setCopied] = useState(false)
  return (
    <button
      type="button"
      className="tool"
      onBlur={() => setCopied(false)}
      onClick={() => void navigator.clipboard.writeText(location.href).then(() => setCopied(true))}
    >
      <NavIcon name="link" /> <span role="status">{isCopied ? t('ops.copied') : t('ops.copy_link')}</span>
    </button>
  )
}

function Facts({
  bike,
  cityMs,
  zone,
}: {
  readonly bike: BikeDetails
  readonly cityMs: number
  /** The hotspot it stands in. */
  readonly zone: string | null
}) {
  const { t, tag, ofCode } = useText()
  const unknown = t('ops.d.unknown')
  const heard =
    bike.lastHeardAt === null ? t('ops.d.never') : t('ops.d.ago', { age: formatAge(tag, cityMs - bike.lastHeardAt) })
  const trip =
    bike.trip === null
      ? t('ops.d.no_trip')
      : bike.trip.startedAt === null
        ? t(`ops.trip.${bike.trip.state}`)
        : t('ops.d.trip_since', {
            state: t(`ops.trip.${bike.trip.state}`),
            time: formatClock(tag, bike.trip.startedAt),
          })
  const facts: ReadonlyArray<readonly [string, string]> = [
    [t('ops.d.bolt'), bike.bolt === null ? unknown : ofCode(`ops.bolt.${bike.bolt}`, 'ops.bolt.unknown')],
    [t('ops.d.battery'), bike.batteryPercent === null ? unknown : `${bike.batteryPercent} %`],
    [t('ops.d.connection'), bike.connected ? t('ops.d.connected') : t('ops.d.not_connected')],
    [t('ops.d.heard'), heard],
    [t('ops.d.trip'), trip],
    [t('ops.d.hotspot'), zone ?? t('ops.d.no_hotspot')],
    [
      t('ops.d.position'),
      bike.lat === null || bike.lon === null ? unknown : `${bike.lat.toFixed(5)}, ${bike.lon.toFixed(5)}`,
    ],
    [t('ops.d.model'), bike.model],
    [t('ops.d.lock'), bike.lockId],
    [t('ops.d.firmware'), bike.firmware ?? unknown],
    [t('ops.d.code'), bike.code],
  ]
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="number">{value}</dd>
        </div>
      ))}
    </dl>
  )
}

/** For the bike that a rider or a crew can take instead. */
function Nearest({
  fleet,
  row,
  onSelect,
}: {
  readonly fleet: ListedFleet
  readonly row: number
  readonly onSelect: (number: string) => void
}) {
  const { t, tag } = useText()
  const near = nearestBikes(fleet.table, row, nearestShown)
  if (near.length === 0) return null
  return (
    <section>
      <h3>{t('ops.nearest')}</h3>
      <ul className="near-list">
        {near.map(({ row: other, metres }) => {
          const state = stateOfByte(fleet.table.states[other] as number)
          return (
            <li key={other}>
              <button type="button" onClick={() => onSelect(fleet.table.numbers[other] as string)}>
                <StateMark state={state} />
                <span className="number">{formatBikeNumber(fleet.table.numbers[other] as string)}</span>
                <span className="soft">{t(`bike_state.${state}`)}</span>
                <span className="number">{formatDistance(tag, metres)}</span>
              </button>
            </li>
          )
        })}
      </ul>
    </section>
  )
}

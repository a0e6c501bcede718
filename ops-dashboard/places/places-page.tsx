import './places.css'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useRef, useState } from 'react'
import { Link, useSearchParams } from 'wouter'
import type {
  ZoneCollection,
  ZoneFeature,
  ZoneKind,
  ZoneProblem,
  ZonesScheduled,
  ZonesStock,
} from '../../contracts/http/zones.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { formatClock, formatDay } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice, Waiting } from '../../ui-kit/notices.tsx'
import { PageFrame } from '../frame/page-frame.tsx'
import { mayI, useMe } from '../frame/use-me.ts'
import { useDeskEvents } from '../live/use-desk-events.ts'
import { refusedOf, useAsked } from '../use-asked.ts'
import { DraftsNote } from './drafts-note.tsx'
import { KindFilter } from './kind-filter.tsx'
import { takeSaved } from './saved-note.ts'
import { ScheduledList } from './scheduled-list.tsx'
import { ZoneImporter } from './zone-importer.tsx'
import { zoneKinds } from './zone-kinds.ts'
import { ZoneMap } from './zone-map.tsx'
import { centreOf } from './zone-shape.ts'
import { ZoneTable } from './zone-table.tsx'
import { ZoneVersionsDialog } from './zone-versions-dialog.tsx'

const path = '/v1/staff/zones'
const scheduledPath = `${path}/scheduled`
const stockPath = `${path}/stock`
const stockEveryMs = 15_000

/** What is allowed where and where bikes should stand: what holds now, what will, and ways to change it. */
export function PlacesPage({ onRefused }: { readonly onRefused: (refused: Refused) => void }) {
  const { t, tag } = useText()
  const me = useMe()
  const mayEdit = mayI(me, 'zone.edit')
  const queries = useQueryClient()
  const asked = useAsked<ZoneCollection>(path, onRefused)
  const scheduled = useAsked<ZonesScheduled>(scheduledPath, onRefused)
  const stock = useAsked<ZonesStock>(stockPath, onRefused, stockEveryMs)
  const [search, setSearch] = useSearchParams()
  const [versionsOf, setVersionsOf] = useState<ZoneFeature | null>(null)
  const [offered, setOffered] = useState<readonly ZoneFeature[]>([])
  const [problems, setProblems] = useState<readonly ZoneProblem[]>([])
  const [lookAt, setLookAt] = useState<{ readonly lon: number; readonly lat: number } | null>(null)
  const [saved] = useState(takeSaved)
  const zones = asked.data?.features
  const holding = useMemo(() => zones ?? [], [zones])
  const kind = zoneKinds.find((one) => one === search.get('kind')) ?? null
  const chosen = search.get('zone')
  const shown = useMemo(
    () => holding.filter(({ properties }) => kind === null || properties.kind === kind),
    [holding, kind],
  )
  const put = (name: 'kind' | 'zone' | 'q', value: string | null) =>
    setSearch(
      (before) => {
        const next = new URLSearchParams(before)
        if (value === null || value === '') next.delete(name)
        else next.set(name, value)
        return next
      },
      { replace: true },
    )
  const again = () => {
    for (const queryKey of [[path], [scheduledPath], [stockPath]]) void queries.invalidateQueries({ queryKey })
  }
  useDeskEvents((event) => {
    if (event.kind === 'zones' || event.kind === 'again') again()
  })
  // a scheduled change begins without anybody doing anything
  const revision = stock.data?.revision
  useEffect(() => {
    if (revision === undefined) return
    for (const queryKey of [[path], [scheduledPath]]) void queries.invalidateQueries({ queryKey })
  }, [revision, queries])
  const hasLooked = useRef(false)
  useEffect(() => {
    if (zones === undefined || hasLooked.current) return
    // One that was just saved comes with the next answer.
    const zone = zones.find(({ properties }) => properties.zoneId === chosen)
    hasLooked.current = chosen === null || zone !== undefined
    if (zone !== undefined) setLookAt(centreOf(zone))
  }, [zones, chosen])
  return (
    <PageFrame title={t('places.title')}>
      <div className="row spread wrap">
        <h1>{t('places.title')}</h1>
        <div className="row wrap">
          {mayEdit && (
            <Link className="button main" href={`/places/edit/new?kind=${kind ?? 'hotspot'}`}>
              {t('zones.new', { kind: t(`places.kind.${kind ?? 'hotspot'}`) })}
            </Link>
          )}
          <a className="button" href={`${path}?download=1`} download="zones.geojson">
            {t('places.export')}
          </a>
        </div>
      </div>
      {saved !== null && (
        <p className="notice good" role="status">
          {saved.holdsFrom === null
            ? t('zones.saved_now', { name: saved.name })
            : t('zones.saved_later', {
                name: saved.name,
                time: `${formatDay(tag, saved.holdsFrom)}, ${formatClock(tag, saved.holdsFrom)}`,
              })}
        </p>
      )}
      <DraftsNote />
      {asked.isPending && <Waiting text={t('app.loading')} />}
      {asked.isError && <RefusalNotice refused={refusedOf(asked.error)} onAgain={() => void asked.refetch()} />}
      {zones !== undefined && (
        <>
          <KindFilter zones={holding} kind={kind} onKind={(one: ZoneKind | null) => put('kind', one)} />
          <div className="places">
            <ZoneMap
              zones={shown}
              offered={offered}
              problems={problems}
              chosen={chosen}
              lookAt={lookAt}
              onChoose={(zoneId) => put('zone', zoneId)}
            />
            <div className="stack">
              {scheduled.data !== undefined && (
                <ScheduledList scheduled={scheduled.data} mayEdit={mayEdit} onChanged={again} />
              )}
              {mayEdit && (
                <ZoneImporter onOffered={setOffered} onProblems={setProblems} onLook={setLookAt} onDone={again} />
              )}
            </div>
          </div>
          <ZoneTable
            zones={shown}
            ofAll={holding.length}
            stock={stock.data ?? null}
            mayEdit={mayEdit}
            chosen={chosen}
            search={search.get('q') ?? ''}
            onSearch={(text) => put('q', text)}
            onChoose={(zone) => {
              put('zone', zone.properties.zoneId ?? null)
              setLookAt(centreOf(zone))
            }}
            onVersions={setVersionsOf}
          />
        </>
      )}
      {versionsOf !== null && (
        <ZoneVersionsDialog zone={versionsOf} onChanged={again} onClose={() => setVersionsOf(null)} />
      )}
    </PageFrame>
  )
}

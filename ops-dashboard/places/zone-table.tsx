import { useDeferredValue, useId, useMemo } from 'react'
import { Link } from 'wouter'
import type { ZoneFeature, ZonesStock } from '../../contracts/http/zones.ts'
import { formatClock, formatDay } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { TableBox } from '../frame/table-box.tsx'
import { KindSwatch } from './kind-filter.tsx'
import { zoneKinds } from './zone-kinds.ts'

/** The same zones as on the map, with how many bikes stand in each. */
export function ZoneTable({
  zones,
  ofAll,
  stock,
  mayEdit,
  chosen,
  search,
  onSearch,
  onChoose,
  onVersions,
}: {
  readonly zones: readonly ZoneFeature[]
  /** Of any kind. */
  readonly ofAll: number
  readonly stock: ZonesStock | null
  readonly mayEdit: boolean
  readonly chosen: string | null
  readonly search: string
  readonly onSearch: (text: string) => void
  readonly onChoose: (zone: ZoneFeature) => void
  readonly onVersions: (zone: ZoneFeature) => void
}) {
  const { t } = useText()
  const id = useId()
  const looked = useDeferredValue(search).trim().toLowerCase()
  const rows = useMemo(
    () =>
      zones
        .filter(({ properties }) => properties.name.toLowerCase().includes(looked))
        .toSorted(
          (a, b) =>
            zoneKinds.indexOf(a.properties.kind) - zoneKinds.indexOf(b.properties.kind) ||
            a.properties.name.localeCompare(b.properties.name, undefined, { numeric: true }),
        ),
    [zones, looked],
  )
  const counts = useMemo(() => new Map(stock?.counts.map(({ zoneId, bikes }) => [zoneId, bikes])), [stock])
  if (ofAll === 0) return <p className="card">{t(mayEdit ? 'zones.none' : 'places.none')}</p>
  return (
    <section className="card stack" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{t('places.table')}</h2>
      <div className="field">
        <label htmlFor={`${id}-search`}>{t('places.search')}</label>
        <input id={`${id}-search`} type="search" value={search} onChange={(event) => onSearch(event.target.value)} />
      </div>
      <p className="small soft number" role="status">
        {t('places.shown', { shown: rows.length, count: ofAll })}
      </p>
      <TableBox label={t('places.table')} className="zone-rows">
        <table>
          <thead>
            <tr>
              <th scope="col">{t('places.name')}</th>
              <th scope="col">{t('places.kind')}</th>
              <th scope="col">{t('zones.bikes_inside')}</th>
              <th scope="col">{t('places.bikes')}</th>
              <th scope="col">{t('places.holds_from')}</th>
              <th scope="col">{t('places.version')}</th>
              {mayEdit && (
                <th scope="col">
                  <span className="visually-hidden">{t('zones.edit_short')}</span>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {rows.map((zone) => (
              <ZoneRow
                key={zone.properties.zoneId ?? `${zone.properties.kind}${zone.properties.name}`}
                zone={zone}
                bikes={counts.get(zone.properties.zoneId ?? '') ?? null}
                mayEdit={mayEdit}
                isChosen={zone.properties.zoneId !== undefined && zone.properties.zoneId === chosen}
                onChoose={onChoose}
                onVersions={onVersions}
              />
            ))}
          </tbody>
        </table>
      </TableBox>
    </section>
  )
}

function ZoneRow({
  zone,
  bikes,
  mayEdit,
  isChosen,
  onChoose,
  onVersions,
}: {
  readonly zone: ZoneFeature
  readonly bikes: number | null
  readonly mayEdit: boolean
  readonly isChosen: boolean
  readonly onChoose: (zone: ZoneFeature) => void
  readonly onVersions: (zone: ZoneFeature) => void
}) {
  const { t, tag } = useText()
  const { zoneId, name, kind, capacity, minBikes, maxBikes, maxSpeedKmh, version, holdsFrom } = zone.properties
  return (
    <tr data-chosen={isChosen}>
      <th scope="row">
        <button
          type="button"
          className="link"
          aria-current={isChosen ? 'true' : undefined}
          onClick={() => onChoose(zone)}
        >
          {name}
        </button>
      </th>
      <td>
        <span className="row kind">
          <KindSwatch kind={kind} /> {t(`places.kind.${kind}`)}
        </span>
      </td>
      <td className="number">
        {bikes !== null && (capacity === undefined ? bikes : t('zones.stock', { bikes, capacity }))}
        {bikes !== null && capacity !== undefined && (
          <span className="small"> {t(`zones.stock.${stockState(bikes, { capacity, minBikes, maxBikes })}`)}</span>
        )}
      </td>
      <td className="number">
        {capacity !== undefined && t('zones.keep', { min: minBikes ?? 0, max: maxBikes ?? capacity })}
        {maxSpeedKmh !== undefined && t('places.speed', { speed: maxSpeedKmh })}
      </td>
      <td className="number">
        {holdsFrom === undefined ? '' : `${formatDay(tag, holdsFrom)}, ${formatClock(tag, holdsFrom)}`}
      </td>
      <td>
        <button
          type="button"
          className="link"
          disabled={zoneId === undefined}
          aria-label={t('places.versions_of', { name })}
          onClick={() => onVersions(zone)}
        >
          {version ?? 1}
        </button>
      </td>
      {mayEdit && (
        <td>
          {zoneId !== undefined && (
            <Link href={`/places/edit/${zoneId}`} aria-label={t('zones.edit', { name })}>
              {t('zones.edit_short')}
            </Link>
          )}
        </td>
      )}
    </tr>
  )
}

interface Wanted {
  readonly capacity: number
  readonly minBikes: number | undefined
  readonly maxBikes: number | undefined
}

/** How a stock stands to what is wanted there: in a word, for those who do not see a colour. */
function stockState(
  bikes: number,
  { capacity, minBikes = 0, maxBikes = capacity }: Wanted,
): 'few' | 'full' | 'many' | 'fine' {
  if (bikes < minBikes) return 'few'
  if (bikes > capacity) return 'full'
  return bikes > maxBikes ? 'many' : 'fine'
}

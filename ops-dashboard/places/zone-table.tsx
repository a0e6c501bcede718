import { useDeferredValue, useId, useMemo, useState } from 'react'
import type { ZoneFeature, ZoneKind } from '../../contracts/http/zones.ts'
import { formatClock, formatDay } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { TableBox } from '../frame/table-box.tsx'
import { zoneKinds } from './zone-kinds.ts'

/** The same zones as on the map. */
export function ZoneTable({
  zones,
  chosen,
  onChoose,
  onVersions,
}: {
  readonly zones: readonly ZoneFeature[]
  readonly chosen: string | null
  readonly onChoose: (zone: ZoneFeature) => void
  readonly onVersions: (zone: ZoneFeature) => void
}) {
  const { t, tag } = useText()
  const id = useId()
  const [search, setSearch] = useState('')
  const [kind, setKind] = useState<ZoneKind | 'all'>('all')
  const looked = useDeferredValue(search).trim().toLowerCase()
  const rows = useMemo(
    () =>
      zones
        .filter(({ properties }) => kind === 'all' || properties.kind === kind)
        .filter(({ properties }) => properties.name.toLowerCase().includes(looked))
        .toSorted(
          (a, b) =>
            zoneKinds.indexOf(a.properties.kind) - zoneKinds.indexOf(b.properties.kind) ||
            a.properties.name.localeCompare(b.properties.name, undefined, { numeric: true }),
        ),
    [zones, kind, looked],
  )
  if (zones.length === 0) return <p className="card">{t('places.none')}</p>
  return (
    <section className="card stack" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{t('places.table')}</h2>
      <div className="row wrap">
        <div className="field grow">
          <label htmlFor={`${id}-search`}>{t('places.search')}</label>
          <input id={`${id}-search`} type="search" value={search} onChange={(event) => setSearch(event.target.value)} />
        </div>
        <div className="field">
          <label htmlFor={`${id}-kind`}>{t('places.kind')}</label>
          <select id={`${id}-kind`} value={kind} onChange={(event) => setKind(event.target.value as ZoneKind | 'all')}>
            <option value="all">{t('places.all')}</option>
            {zoneKinds.map((one) => (
              <option key={one} value={one}>
                {t(`places.kind.${one}`)}
              </option>
            ))}
          </select>
        </div>
      </div>
      <p className="small soft number" role="status">
        {t('places.shown', { shown: rows.length, count: zones.length })}
      </p>
      <TableBox label={t('places.table')} className="zone-rows">
        <table>
          <thead>
            <tr>
              <th scope="col">{t('places.name')}</th>
              <th scope="col">{t('places.kind')}</th>
              <th scope="col">{t('places.bikes')}</th>
              <th scope="col">{t('places.holds_from')}</th>
              <th scope="col">{t('places.version')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((zone) => {
              const {
                zoneId,
                name,
                kind: ofKind,
                capacity,
                minBikes,
                maxBikes,
                maxSpeedKmh,
                version,
                holdsFrom,
              } = zone.properties
              return (
                <tr key={zoneId ?? `${ofKind}${name}`} data-chosen={zoneId !== undefined && zoneId === chosen}>
                  <th scope="row">
                    <button type="button" className="link" onClick={() => onChoose(zone)}>
                      {name}
                    </button>
                  </th>
                  <td>{t(`places.kind.${ofKind}`)}</td>
                  <td className="number">
                    {capacity !== undefined &&
                      t('places.room', { capacity, min: minBikes ?? 0, max: maxBikes ?? capacity })}
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
                </tr>
              )
            })}
          </tbody>
        </table>
      </TableBox>
    </section>
  )
}

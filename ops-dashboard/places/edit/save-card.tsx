import { useId } from 'react'
import type { ZoneEditResult, ZoneFeature } from '../../../contracts/http/zones.ts'
import type { Refused } from '../../../ui-kit/api/api-client.ts'
import { formatClock, formatDay } from '../../../ui-kit/formats.ts'
import { useText } from '../../../ui-kit/i18n/text.ts'
import { RefusalNotice } from '../../../ui-kit/notices.tsx'
import { changesOf } from './changes-of.ts'
import { formatArea } from './check-card.tsx'

export interface When {
  readonly isLater: boolean
  /** On the city's clock, as a field gives it. */
  readonly at: string
}

/** From when it holds, what changes, who or what would be left outside; then save. */
export function SaveCard({
  before,
  after,
  result,
  when,
  isWhenWrong,
  stops,
  accepts,
  refused,
  isBusy,
  changedBy,
  onWhen,
  onAccept,
  onSave,
  onReload,
}: {
  /** Null: a new zone. */
  readonly before: ZoneFeature | null
  readonly after: ZoneFeature | null
  readonly result: ZoneEditResult | null
  readonly when: When
  readonly isWhenWrong: boolean
  /** Why the last try did nothing. */
  readonly stops: 'zones.not_whole' | 'zones.not_sound' | 'zones.accept_first' | null
  readonly accepts: boolean
  readonly refused: Refused | null
  readonly isBusy: boolean
  /** Who was first, when somebody was. */
  readonly changedBy: { readonly who: string | null; readonly atMs: number } | null
  readonly onWhen: (when: When) => void
  readonly onAccept: (accepts: boolean) => void
  readonly onSave: () => void
  /** Gives the drawing up for what somebody else saved. */
  readonly onReload: () => void
}) {
  const { t, tag } = useText()
  const id = useId()
  const time = (atMs: number) => `${formatDay(tag, atMs)}, ${formatClock(tag, atMs)}`
  const changes = after === null ? [] : changesOf(before, after)
  const shown = (what: (typeof changes)[number]['what'], value: number | string | null) =>
    value === null ? '–' : what === 'area' ? formatArea(tag, Number(value)) : String(value)
  const outside = result?.outside ?? { bikes: 0, hotspots: 0, names: [] }
  const leaves = outside.bikes + outside.hotspots > 0
  return (
    <section className="card stack" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{t('zones.save_title')}</h2>
      <fieldset className="modes">
        <legend>{t('zones.holds')}</legend>
        <label className="zone-choice">
          <input
            type="radio"
            name={`${id}-when`}
            checked={!when.isLater}
            onChange={() => onWhen({ ...when, isLater: false })}
          />
          {t('zones.now')}
        </label>
        <label className="zone-choice">
          <input
            type="radio"
            name={`${id}-when`}
            checked={when.isLater}
            onChange={() => onWhen({ ...when, isLater: true })}
          />
          {t('zones.later')}
        </label>
      </fieldset>
      {when.isLater && (
        <div className="field">
          <label htmlFor={`${id}-at`}>{t('zones.later_at')}</label>
          <input
            id={`${id}-at`}
            type="datetime-local"
            value={when.at}
            aria-invalid={isWhenWrong}
            onChange={(event) => onWhen({ ...when, at: event.target.value })}
          />
          {isWhenWrong && <span className="wrong">{t('zones.later_wrong')}</span>}
        </div>
      )}
      {changes.length > 0 ? (
        <table className="zone-changes">
          <caption className="visually-hidden">{t('zones.changes')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('zones.changes')}</th>
              {before !== null && <th scope="col">{t('zones.before')}</th>}
              <th scope="col">{t('zones.after')}</th>
            </tr>
          </thead>
          <tbody>
            {changes.map(({ what, from, to }) => (
              <tr key={what}>
                <th scope="row">{t(`zones.change.${what}`)}</th>
                {before !== null && <td className="number">{shown(what, from)}</td>}
                <td className="number">{shown(what, to)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : (
        <p className="soft">{t(after === null ? 'zones.not_whole' : 'zones.no_changes')}</p>
      )}
      {(result?.supersedes ?? []).map(({ version, holdsFrom }) => (
        <p key={version} className="notice warn">
          {t('zones.overtakes', { version, time: time(holdsFrom) })}
        </p>
      ))}
      {leaves && (
        <div className="notice warn">
          <p>
            {t('zones.outside', {
              bikes: t('zones.n_bikes', { count: outside.bikes }),
              hotspots: t('zones.n_hotspots', { count: outside.hotspots }),
            })}
          </p>
          {outside.names.length > 0 && <p className="small">{outside.names.join(', ')}</p>}
          <label className="zone-choice">
            <input type="checkbox" checked={accepts} onChange={(event) => onAccept(event.target.checked)} />
            {t('zones.outside_known')}
          </label>
        </div>
      )}
      {refused !== null && (
        <RefusalNotice refused={refused}>
          {changedBy === null
            ? refused.detail !== undefined && <p className="small">{refused.detail}</p>
            : refused.code === 'zone_changed' && (
                <>
                  <p>
                    {t('zones.changed_by', { who: changedBy.who ?? t('places.platform'), time: time(changedBy.atMs) })}
                  </p>
                  <button type="button" className="button" onClick={onReload}>
                    {t('zones.take_newest')}
                  </button>
                </>
              )}
        </RefusalNotice>
      )}
      {stops !== null && (
        <p className="notice bad" role="alert">
          {t(stops)}
        </p>
      )}
      <button type="button" className="button main" disabled={isBusy} onClick={onSave}>
        {t(when.isLater ? 'zones.save_later' : 'zones.save_now')}
      </button>
    </section>
  )
}

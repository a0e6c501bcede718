import { useId } from 'react'
import type { ZoneProblem } from '../../../contracts/http/zones.ts'
import { formatDistance } from '../../../ui-kit/formats.ts'
import { useText } from '../../../ui-kit/i18n/text.ts'
import { RefusalNotice } from '../../../ui-kit/notices.tsx'
import { type Drawing, type LonLat, ringsToFinish, type VertexAt } from './drawing.ts'
import { sizeOf } from './metres.ts'
import { problemSentence } from './problem-sentence.ts'
import type { ZoneCheck } from './use-zone-check.ts'

/** Size, bikes inside, and what is wrong: the same numbers stand at the corners on the map and in the list. */
export function CheckCard({
  drawing,
  check,
  problems,
  onShow,
}: {
  readonly drawing: Drawing
  readonly check: ZoneCheck
  readonly problems: readonly ZoneProblem[]
  readonly onShow: (vertex: VertexAt | null, at: LonLat | null) => void
}) {
  const { t, tag, ofCode } = useText()
  const id = useId()
  const { areaM2, borderM } = sizeOf(drawing)
  const toFinish = ringsToFinish(drawing)
  const isMissing = drawing.kind === 'circle' ? drawing.centre === null : toFinish.length > 0
  return (
    <section className="card stack" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{t('zones.check')}</h2>
      <dl className="facts">
        <div>
          <dt>{t('zones.area')}</dt>
          <dd className="number">{formatArea(tag, areaM2)}</dd>
        </div>
        <div>
          <dt>{t('zones.border')}</dt>
          <dd className="number">{formatDistance(tag, borderM)}</dd>
        </div>
        <div>
          <dt>{t('zones.bikes_inside')}</dt>
          <dd className="number">
            {check.result === null || isMissing || (problems.length > 0 && check.result.bikesInside === 0)
              ? '–'
              : check.result.bikesInside}
          </dd>
        </div>
      </dl>
      {drawing.kind === 'circle' && isMissing && <p className="notice">{t('zones.need_centre')}</p>}
      {toFinish.map(({ ring, isHole, corners }) => (
        <p key={ring} className="notice">
          {t(isHole ? 'zones.need_hole_corners' : 'zones.need_corners', { count: 3 - corners.length, hole: ring })}
        </p>
      ))}
      {check.refused !== null && (
        <RefusalNotice refused={check.refused}>
          {check.refused.detail !== undefined && <p className="small">{check.refused.detail}</p>}
        </RefusalNotice>
      )}
      <div role="status" className="stack">
        {!isMissing && check.result !== null && problems.length === 0 && (
          <p className="notice good">{t('zones.sound')}</p>
        )}
        {problems.length > 0 && (
          <div className="notice bad">
            <h3>{t('zones.problems', { count: problems.length })}</h3>
            <ol className="problems">
              {problems.map((problem, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: one zone may have the same problem twice
                <li key={index}>
                  <strong className="number">{index + 1}</strong>
                  <span>
                    {problemSentence({ t, ofCode }, problem)}{' '}
                    {(problem.vertex !== null || problem.lon !== null) && (
                      <button type="button" className="link" onClick={() => onShow(...placeOf(problem))}>
                        {t('ops.show_on_map')}
                      </button>
                    )}
                  </span>
                </li>
              ))}
            </ol>
          </div>
        )}
      </div>
    </section>
  )
}

const placeOf = ({ ring, vertex, lon, lat }: ZoneProblem): [VertexAt | null, LonLat | null] => [
  ring === null || vertex === null ? null : { ring, vertex },
  lon === null || lat === null ? null : [lon, lat],
]

const squareKm = 1_000_000
/** m² up to a park, km² from there. */
export function formatArea(tag: string, areaM2: number): string {
  const isLarge = areaM2 >= squareKm / 10
  const value = new Intl.NumberFormat(tag, { maximumFractionDigits: isLarge ? 2 : 0 }).format(
    isLarge ? areaM2 / squareKm : areaM2,
  )
  return `${value} ${isLarge ? 'km²' : 'm²'}`
}

import { useState } from 'react'
import { Link } from 'wouter'
import type { TimelineItem } from '../../contracts/http/bike-page.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { formatSecond } from './moment.ts'
import { RawMessageView } from './raw-message.tsx'
import { useTimelineWords } from './timeline-words.ts'

/** Where a kind's own page is; null: it has none. */
function pageOf({ kind, link }: TimelineItem): string | null {
  if (link === null) return null
  switch (kind) {
    case 'trip':
      return `/trips/${link}`
    case 'alarm':
      return `/alarms/${link}`
    case 'task':
    case 'report':
      return '/work'
    case 'message':
    case 'telemetry':
    case 'command':
    case 'note':
    case 'service':
    case 'move':
      return null
  }
}

/** One thing that happened: when, what, who, and what became of it. */
export function TimelineEntry({ bikeId, item }: { readonly bikeId: string; readonly item: TimelineItem }) {
  const { t, tag } = useText()
  const { title, details, stepName } = useTimelineWords()
  const [isRaw, setRaw] = useState(false)
  const page = pageOf(item)
  const said = details(item)
  const heading = title(item)
  return (
    <li className={`entry ${item.kind}`}>
      <time className="small soft number" dateTime={new Date(item.at).toISOString()}>
        {formatSecond(tag, item.at)}
      </time>
      <div className="what">
        <div className="entry-head">
          <p>
            <span className="badge">{t(`bikes.kind.${item.kind}`)}</span>{' '}
            {page === null ? <strong>{heading}</strong> : <Link href={page}>{heading}</Link>}
            {item.by !== null && <span className="soft">{heading === '' ? item.by : ` · ${item.by}`}</span>}
          </p>
          {item.kind === 'message' && (
            <button type="button" className="link small" aria-expanded={isRaw} onClick={() => setRaw((open) => !open)}>
              {t(isRaw ? 'bikes.raw_hide' : 'bikes.raw_show')}
            </button>
          )}
        </div>
        {said !== '' && <p className="small soft">{said}</p>}
        {item.steps.length > 0 && (
          <ul className="small soft entry-steps">
            {item.steps.map(({ state, at, by, note }) => (
              <li key={`${state}${at}`}>
                <span className="number">{formatSecond(tag, at)}</span> {stepName(item.kind, state)}
                {by !== null && ` · ${by}`}
                {note !== null && ` · ${note}`}
              </li>
            ))}
          </ul>
        )}
        {isRaw && item.link !== null && <RawMessageView bikeId={bikeId} reportId={item.link} />}
      </div>
    </li>
  )
}

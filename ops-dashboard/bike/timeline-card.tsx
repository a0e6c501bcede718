import { useEffect, useState } from 'react'
import { type TimelineKind, timelineKinds } from '../../contracts/live/timeline-kinds.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { TimelineList } from './timeline-list.tsx'

const parameter = 'kinds'

/** The timeline with its filter, which stands in the address: a view can be sent to a colleague. */
export function TimelineCard({ bikeId, number }: { readonly bikeId: string; readonly number: string }) {
  const { t } = useText()
  const [kinds, toggle, clear] = useKinds()
  return (
    <section className="card stack" aria-labelledby="bike-timeline">
      <h2 id="bike-timeline">{t('bikes.timeline')}</h2>
      <fieldset className="timeline-kinds" aria-label={t('bikes.kinds')}>
        <button type="button" className="button small" aria-pressed={kinds.length === 0} onClick={clear}>
          {t('bikes.kinds_all')}
        </button>
        {timelineKinds.map((kind) => (
          <button
            key={kind}
            type="button"
            className="button small"
            aria-pressed={kinds.includes(kind)}
            onClick={() => toggle(kind)}
          >
            {t(`bikes.kind.${kind}`)}
          </button>
        ))}
      </fieldset>
      <TimelineList bikeId={bikeId} number={number} kinds={kinds.length === 0 ? null : kinds} />
    </section>
  )
}

const inAddress = (): readonly TimelineKind[] => {
  const named = new URLSearchParams(location.search).get(parameter)?.split(',') ?? []
  return timelineKinds.filter((kind) => named.includes(kind))
}

function useKinds(): readonly [readonly TimelineKind[], (kind: TimelineKind) => void, () => void] {
  const [kinds, setKinds] = useState(inAddress)
  useEffect(() => {
    const follow = () => setKinds(inAddress())
    addEventListener('popstate', follow)
    return () => removeEventListener('popstate', follow)
  }, [])
  const put = (next: readonly TimelineKind[]) => {
    const address = new URL(location.href)
    if (next.length === 0) address.searchParams.delete(parameter)
    else address.searchParams.set(parameter, next.join(','))
    history.pushState(null, '', address)
    setKinds(next)
  }
  const toggle = (kind: TimelineKind) =>
    put(timelineKinds.filter((one) => (one === kind ? !kinds.includes(one) : kinds.includes(one))))
  return [kinds, toggle, () => put([])]
}

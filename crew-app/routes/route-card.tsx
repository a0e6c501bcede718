import type { RouteList } from '../../contracts/http/crews.ts'
import { formatClock, formatDistance } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'

/** One van's route of tonight. @param onTake null: it cannot be taken now */
export function RouteCard({
  route,
  isBusy,
  onTake,
}: {
  readonly route: RouteList['routes'][number]
  readonly isBusy: boolean
  readonly onTake: (() => void) | null
}) {
  const { t, tag } = useText()
  const isMine = route.isMine && route.state === 'claimed'
  // its van may still hold bikes
  const wasMine = route.isMine && route.state === 'done'
  const mayTake = isMine || wasMine || route.state === 'open'
  return (
    <li className="card route-card">
      <div className="row spread">
        <h2>{route.vanName}</h2>
        <span className="badge">
          {isMine
            ? t('crew.routes.yours')
            : route.state === 'claimed'
              ? t('crew.routes.with', { name: route.crewName ?? '?' })
              : t(`crew.routes.${route.state}`)}
        </span>
      </div>
      <p className="big number">
        {formatClock(tag, route.startsAt)} – {formatClock(tag, route.endsAt)}
      </p>
      <p>
        {t('crew.routes.stops', { count: route.stops })} · {t('crew.bikes', { count: route.bikes })} ·{' '}
        {formatDistance(tag, route.distanceM)}
      </p>
      <p className="soft">{t('crew.routes.capacity', { count: route.capacity })}</p>
      {mayTake && (
        <button
          type="button"
          className={wasMine ? 'button wide' : 'button main wide'}
          disabled={onTake === null}
          onClick={() => onTake?.()}
        >
          {isBusy
            ? t('crew.routes.taking')
            : isMine
              ? t('crew.routes.go_on')
              : wasMine
                ? t('crew.routes.look')
                : t('crew.routes.take')}
          <span className="visually-hidden">: {route.vanName}</span>
        </button>
      )}
    </li>
  )
}

import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import type { NightSettings, PlanSummary, PlanView } from '../../contracts/http/nights.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { opsApi, valueOrThrow } from '../ops-api.ts'
import { percent, plainRides } from './formats.ts'
import { nightName } from './night-name.ts'

/** Before the first plan: when there will be one, and how to have it now. */
export function NoPlanYet({ isAsking, onPlan }: { readonly isAsking: boolean; readonly onPlan: () => void }) {
  const { t } = useText()
  const settings = useQuery<NightSettings>({
    queryKey: ['/v1/staff/night/settings'],
    queryFn: () => valueOrThrow(opsApi.get<NightSettings>('/v1/staff/night/settings')),
  })
  return (
    <section className="card alone-card stack">
      <h1>{t('night.none_title')}</h1>
      <p>
        {settings.data === undefined
          ? t('night.none')
          : t('night.none_at', {
              time: settings.data.planAt,
              vans: settings.data.vans.filter((van) => van.goesOut).length,
            })}
      </p>
      <div className="row">
        <button type="button" className="button main" disabled={isAsking} onClick={onPlan}>
          {t('night.plan_now')}
        </button>
        <Link href="/night/settings" className="button">
          {t('night.settings')}
        </Link>
      </div>
    </section>
  )
}

/** How far the search is and what it has found so far. */
export function PlanUnderWay({ plan }: { readonly plan: PlanView }) {
  const { t, tag } = useText()
  const share = plan.progress?.share ?? 0
  return (
    <section className="card alone-card stack">
      <h2 id="planning">{t('night.planning')}</h2>
      <progress aria-labelledby="planning" max={1} value={share} />
      <p className="row spread number">
        <span>{percent(tag, share)}</span>
        {plan.progress !== null && plan.progress.objective > 0 && (
          <strong>{t('night.best_so_far', { rides: plainRides(tag, plan.progress.objective) })}</strong>
        )}
      </p>
      <p className="small soft">{t('night.planning_how', { seconds: Math.round(plan.planSeconds) })}</p>
    </section>
  )
}

/** Why there is no plan and what to do about it; what stands meanwhile. */
export function PlanFailed({
  plan,
  standing,
  isAsking,
  onPlan,
  onShow,
}: {
  readonly plan: PlanView
  readonly standing: PlanSummary | null
  readonly isAsking: boolean
  readonly onPlan: () => void
  readonly onShow: (planId: string) => void
}) {
  const { t, tag } = useText()
  return (
    <section className="notice bad alone-card stack" role="alert">
      <h2>{t('night.failed')}</h2>
      {plan.failure !== null && <p>{plan.failure}</p>}
      <p>
        {standing === null
          ? t('night.failed_alone')
          : t('night.failed_stands', { night: nightName(tag, standing.night) })}
      </p>
      <div className="row wrap">
        <button type="button" className="button main" disabled={isAsking} onClick={onPlan}>
          {t('night.plan_again')}
        </button>
        {standing !== null && (
          <button type="button" className="button" onClick={() => onShow(standing.planId)}>
            {t('night.show_standing')}
          </button>
        )}
        <Link href="/night/settings" className="button">
          {t('night.settings')}
        </Link>
      </div>
    </section>
  )
}

import { Link } from 'wouter'
import type { PlanSummary, PlanView } from '../../contracts/http/nights.ts'
import { formatClock } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { nightName } from './night-name.ts'

/** Which night and which plan of it, what state it is in, and what can be done with the whole of it. */
export function PlanTitle({
  plans,
  plan,
  onPlan,
  onPlanAgain,
  onPublish,
}: {
  readonly plans: readonly PlanSummary[]
  readonly plan: PlanView
  readonly onPlan: (planId: string) => void
  readonly onPlanAgain: () => void
  readonly onPublish: () => void
}) {
  const { t, tag } = useText()
  const isReplaceable = plan.state === 'draft' || plan.state === 'failed'
  return (
    <div className="plan-title">
      <h1>{t('night.title', { night: nightName(tag, plan.night) })}</h1>
      <span className={`badge plan-state ${plan.state}`}>{t(`night.state.${plan.state}`)}</span>
      <span className="small soft number">
        {plan.publishedAt === null
          ? t('night.made_at', { time: formatClock(tag, plan.createdAt) })
          : t('night.published_at', { time: formatClock(tag, plan.publishedAt) })}
        {plan.revision > 0 && plan.figures !== null && ` · ${t('night.revision', { revision: plan.revision })}`}
      </span>
      <div className="row end grow">
        {plans.length > 1 && (
          <select
            className="select plan-choice"
            aria-label={t('night.choose')}
            value={plan.planId}
            onChange={(event) => onPlan(event.target.value)}
          >
            {plans.map(({ planId, night, state, createdAt }) => (
              <option key={planId} value={planId}>
                {nightName(tag, night)}, {formatClock(tag, createdAt)} · {t(`night.state.${state}`)}
              </option>
            ))}
          </select>
        )}
        <Link href="/night/settings" className="button">
          {t('night.settings')}
        </Link>
        {isReplaceable && (
          <button type="button" className="button" onClick={onPlanAgain}>
            {t('night.plan_again')}
          </button>
        )}
        {plan.state === 'draft' && (
          <button type="button" className="button main" onClick={onPublish}>
            {t('night.publish')}
          </button>
        )}
      </div>
    </div>
  )
}

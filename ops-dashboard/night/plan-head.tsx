import type { PlanView } from '../../contracts/http/nights.ts'
import { formatClock, formatDay } from '../../ui-kit/formats.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { hours, kilometres, percent, plainRides, signedRides } from './formats.ts'
import { hoursOf, surenessStep, workStops } from './night-figures.ts'

/** What the plan is worth, beside doing nothing and beside the plain way of planning, and what it rests on. */
export function PlanHead({ plan }: { readonly plan: PlanView }) {
  const { t, tag } = useText()
  const { figures, proportional, expectedLost } = plan
  if (figures === null) return null
  const { nothing, plan: planned } = expectedLost
  const tomorrow = t('night.lost_less', {
    gain: plainRides(tag, nothing - planned),
    plan: plainRides(tag, planned),
    nothing: plainRides(tag, nothing),
  })
  return (
    <section className="worth" aria-label={t('night.worth')}>
      <ul className="choices">
        <li>
          <h3>{t('night.choice.nothing')}</h3>
          <p className="big number">{t('night.worth_rides', { rides: '0' })}</p>
          <p className="small soft number">{t('night.lost', { rides: plainRides(tag, nothing) })}</p>
        </li>
        {proportional !== null && (
          <li>
            <h3>{t('night.choice.proportional')}</h3>
            <p className="big number">{t('night.worth_rides', { rides: signedRides(tag, proportional.value) })}</p>
            <p className="small soft number">
              {t('night.net', { rides: signedRides(tag, proportional.objective) })} ·{' '}
              {kilometres(tag, proportional.distanceM)} · {t('ops.bikes', { count: proportional.bikesMoved })}
            </p>
          </li>
        )}
        <li className="ours">
          <h3>{t('night.choice.plan')}</h3>
          <p className="big number">{t('night.worth_rides', { rides: signedRides(tag, figures.value) })}</p>
          <p className="small soft number">
            {t('night.net', { rides: signedRides(tag, figures.objective) })} · {tomorrow}
          </p>
        </li>
      </ul>
      <div className="facts-line small">
        <p className="number">
          {kilometres(tag, figures.distanceM)} · {hours(tag, hoursOf(plan.routes))} ·{' '}
          {t('ops.bikes', { count: figures.bikesMoved })} ·{' '}
          {t('night.stops', { count: plan.routes.reduce((sum, route) => sum + workStops(plan, route), 0) })}
        </p>
        <p>
          {t(`night.sure.${surenessStep(plan.sureness, plan.evidenceDays)}`, {
            days: new Intl.NumberFormat(tag, { maximumFractionDigits: 0 }).format(plan.evidenceDays),
          })}
        </p>
        <details>
          <summary>{t('night.how_made')}</summary>
          <p className="number">
            {t('night.made_from', {
              time: `${formatDay(tag, plan.createdAt)}, ${formatClock(tag, plan.createdAt)}`,
              seconds: Math.round(plan.planSeconds),
              seed: plan.seed,
              iterations: new Intl.NumberFormat(tag).format(plan.iterations),
              sureness: percent(tag, plan.sureness),
            })}{' '}
            {t(`night.distances.${plan.distances}`)} {t('night.cost_note')}
          </p>
        </details>
      </div>
    </section>
  )
}

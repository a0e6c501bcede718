import './van-list.css'
import './plan-map.css'
import './panel.css'
import './night.css'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { NewPlan, PlanList, PlanSummary, PlanView } from '../../contracts/http/nights.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice, Waiting } from '../../ui-kit/notices.tsx'
import { ConfirmDialog } from '../frame/confirm-dialog.tsx'
import { PageFrame } from '../frame/page-frame.tsx'
import { opsApi } from '../ops-api.ts'
import { refusedOf, useAsked } from '../use-asked.ts'
import { PlanDesk } from './plan-desk.tsx'
import { NoPlanYet, PlanFailed, PlanUnderWay } from './plan-states.tsx'
import { planThatStands, planToShow } from './plan-to-show.ts'
import { useNightView } from './use-night-view.ts'
import { planPath } from './use-plan-edits.ts'

const listEveryMs = 15_000
const planningEveryMs = 1_000
const publishedEveryMs = 5_000
const draftEveryMs = 10_000

/** Tonight's plan, whatever state it is in. */
export function NightPage({ onRefused }: { readonly onRefused: (refused: Refused) => void }) {
  const { t } = useText()
  const queries = useQueryClient()
  const [view, change] = useNightView()
  const list = useAsked<PlanList>('/v1/staff/plans', onRefused, listEveryMs)
  const plans = list.data?.plans ?? []
  const planId = view.planId ?? planToShow(plans)?.planId ?? null
  const asked = useAsked<PlanView>(planId === null ? null : planPath(planId), onRefused, (plan) => everyMs(plan))
  const [refused, setRefused] = useState<Refused | null>(null)
  const [isAsking, setAsking] = useState(false)
  const [isReplacing, setReplacing] = useState(false)

  const planNow = async () => {
    setAsking(true)
    setReplacing(false)
    const answer = await opsApi.send<PlanSummary>('/v1/staff/plans', { method: 'POST', body: {} satisfies NewPlan })
    setAsking(false)
    setRefused(answer.kind === 'ok' ? null : answer)
    if (answer.kind === 'ok') change({ planId: null, at: null, tab: 'vans' })
    await queries.invalidateQueries({ queryKey: ['/v1/staff/plans'] })
  }

  const plan = asked.data
  return (
    <PageFrame title={t('night.page')} wide={plan !== undefined && plan.figures !== null}>
      {list.data?.alarm != null && plan?.state !== 'failed' && (
        <p className="notice bad" role="alert">
          {list.data.alarm}
        </p>
      )}
      {refused !== null && (
        <RefusalNotice refused={refused}>
          {refused.detail !== undefined && <p className="small">{refused.detail}</p>}
        </RefusalNotice>
      )}
      {list.isError && <RefusalNotice refused={refusedOf(list.error)} onAgain={() => void list.refetch()} />}
      {asked.isError && plan === undefined && (
        <RefusalNotice refused={refusedOf(asked.error)} onAgain={() => void asked.refetch()} />
      )}
      {(list.isPending || (planId !== null && asked.isPending)) && <Waiting text={t('app.loading')} />}
      {list.data !== undefined && planId === null && <NoPlanYet isAsking={isAsking} onPlan={() => void planNow()} />}
      {plan !== undefined && (
        <PlanDesk
          key={plan.planId}
          plan={plan}
          plans={plans}
          view={view}
          onView={change}
          onPlanAgain={() => (plan.state === 'draft' ? setReplacing(true) : void planNow())}
        >
          {plan.state === 'planning' && <PlanUnderWay plan={plan} />}
          {plan.state === 'failed' && (
            <PlanFailed
              plan={plan}
              standing={planThatStands(plans, plan)}
              isAsking={isAsking}
              onPlan={() => void planNow()}
              onShow={(standing) => change({ planId: standing })}
            />
          )}
        </PlanDesk>
      )}
      {isReplacing && (
        <ConfirmDialog
          title={t('night.replace_title')}
          confirm={t('night.plan_again')}
          isBusy={isAsking}
          onConfirm={() => void planNow()}
          onClose={() => setReplacing(false)}
        >
          <p>{t('night.replace_what')}</p>
        </ConfirmDialog>
      )}
    </PageFrame>
  )
}

function everyMs(plan: PlanView | undefined): number | false {
  switch (plan?.state) {
    case 'planning':
      return planningEveryMs
    case 'published':
      return publishedEveryMs
    case 'draft':
      return draftEveryMs
    case 'ended':
    case 'failed':
    case 'superseded':
    case undefined:
      return false
  }
}

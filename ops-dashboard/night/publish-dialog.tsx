import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { PlanView } from '../../contracts/http/nights.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { RefusalNotice } from '../../ui-kit/notices.tsx'
import { ConfirmDialog } from '../frame/confirm-dialog.tsx'
import { opsApi } from '../ops-api.ts'
import { workStops } from './night-figures.ts'
import { planPath } from './use-plan-edits.ts'

/** Says what publishing does before it does it. */
export function PublishDialog({
  plan,
  onOwn,
  onClose,
}: {
  readonly plan: PlanView
  readonly onOwn: (revision: number) => void
  readonly onClose: () => void
}) {
  const { t } = useText()
  const queries = useQueryClient()
  const [refused, setRefused] = useState<Refused | null>(null)
  const [isBusy, setBusy] = useState(false)
  const path = planPath(plan.planId)
  const routes = plan.routes.filter((route) => route.stops.length > 0)
  const publish = async () => {
    setBusy(true)
    setRefused(null)
    const answer = await opsApi.send<PlanView>(`${path}/publish`, { method: 'POST', body: {} })
    setBusy(false)
    if (answer.kind === 'refused') {
      setRefused(answer)
      return
    }
    onOwn(answer.value.revision)
    queries.setQueryData([path], answer.value)
    void queries.invalidateQueries({ queryKey: ['/v1/staff/plans'] })
    onClose()
  }
  return (
    <ConfirmDialog
      title={t('night.publish_title')}
      confirm={t('night.publish_now')}
      isBusy={isBusy}
      onConfirm={() => void publish()}
      onClose={onClose}
    >
      <p>
        {t('night.publish_what', {
          routes: t('night.routes', { count: routes.length }),
          stops: t('night.stops', { count: routes.reduce((sum, route) => sum + workStops(plan, route), 0) }),
          bikes: t('ops.bikes', { count: plan.figures?.bikesMoved ?? 0 }),
        })}
      </p>
      <p>{t('night.publish_then')}</p>
      {refused !== null && (
        <RefusalNotice refused={refused}>
          {refused.detail !== undefined && <p className="small">{refused.detail}</p>}
        </RefusalNotice>
      )}
    </ConfirmDialog>
  )
}

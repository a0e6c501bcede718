import { type ReactNode, useCallback, useEffect, useState } from 'react'
import type { PlanEdit, PlanSummary, PlanView } from '../../contracts/http/nights.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { Tabs } from '../frame/tabs.tsx'
import { ChangesList } from './changes-list.tsx'
import { LeftOutTable } from './left-out-table.tsx'
import { MovesTable } from './moves-table.tsx'
import { type NightView, nightTabs, type Selection } from './night-address.ts'
import { PlanDetail } from './plan-detail.tsx'
import { PlanHead } from './plan-head.tsx'
import { PlanMap } from './plan-map.tsx'
import { PlanTitle } from './plan-title.tsx'
import { PriceCard } from './price-card.tsx'
import { PublishDialog } from './publish-dialog.tsx'
import { selectionAfter } from './selection-after.ts'
import { useOthersChanges } from './use-others-changes.ts'
import { usePlanEdits } from './use-plan-edits.ts'
import { VanList } from './van-list.tsx'

/** A plan with its list, map and details: one selection for all three, and one edit at a time. */
export function PlanDesk({
  plan,
  plans,
  view,
  onView,
  onPlanAgain,
  children,
}: {
  readonly plan: PlanView
  readonly plans: readonly PlanSummary[]
  readonly view: NightView
  readonly onView: (change: Partial<NightView>) => void
  readonly onPlanAgain: () => void
  /** Instead of the desk, while there is nothing to show. */
  readonly children: ReactNode
}) {
  const { t } = useText()
  const others = useOthersChanges(plan)
  const edits = usePlanEdits(plan, others.own)
  const [isPublishing, setPublishing] = useState(false)
  const [lookAt, setLookAt] = useState<object | null>(null)
  const { at, tab } = view
  const canEdit = plan.state === 'draft' || plan.state === 'published'
  const open = useCallback((next: Selection | null) => onView({ at: next }), [onView])
  const openAndLook = useCallback(
    (next: Selection) => {
      onView({ at: next })
      setLookAt({})
    },
    [onView],
  )
  const apply = (edit: PlanEdit) =>
    void edits.apply(edit).then((done) => {
      if (done) open(selectionAfter(edit, at))
    })
  useEffect(() => {
    const close = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && document.querySelector('dialog[open]') === null) open(null)
    }
    addEventListener('keydown', close)
    return () => removeEventListener('keydown', close)
  }, [open])

  return (
    <>
      <PlanTitle
        plans={plans}
        plan={plan}
        onPlan={(planId) => onView({ planId, at: null })}
        onPlanAgain={onPlanAgain}
        onPublish={() => setPublishing(true)}
      />
      {others.notice !== null && (
        <div className="notice warn row spread slim" role="status">
          <span>{t(`night.others.${others.notice}`, { revision: plan.revision })}</span>
          <button type="button" className="button" onClick={others.dismiss}>
            {t('ops.close')}
          </button>
        </div>
      )}
      {children}
      {plan.figures !== null && (
        <>
          <PlanHead plan={plan} />
          <div className="night" data-panel={at !== null} data-tab={tab}>
            <section className="night-list">
              <Tabs
                id="night"
                label={t('night.lists')}
                open={tab}
                onOpen={(next) => onView({ tab: next })}
                tabs={nightTabs.map((key) => ({ key, text: t(`night.tab.${key}`, { count: countOf(plan, key) }) }))}
              />
              <div id="night-panel" role="tabpanel" aria-labelledby={`night-${tab}`} className="night-scroll">
                {tab === 'vans' && <VanList plan={plan} at={at} canEdit={canEdit} onOpen={open} onAsk={edits.ask} />}
                {tab === 'moves' && <MovesTable plan={plan} onOpen={openAndLook} />}
                {tab === 'left' && <LeftOutTable plan={plan} onOpen={openAndLook} />}
                {tab === 'changes' && <ChangesList plan={plan} canEdit={canEdit} onApply={apply} onUndo={edits.undo} />}
              </div>
            </section>
            <PlanMap plan={plan} at={at} lookAt={lookAt} onOpen={open} />
            <PlanDetail
              plan={plan}
              at={at}
              canEdit={canEdit}
              onOpen={open}
              onAsk={edits.ask}
              onApply={apply}
              onShow={() => setLookAt({})}
            />
            <PriceCard plan={plan} state={edits.state} onApply={apply} onAgain={edits.ask} onCancel={edits.cancel} />
          </div>
        </>
      )}
      {isPublishing && <PublishDialog plan={plan} onOwn={others.own} onClose={() => setPublishing(false)} />}
    </>
  )
}

function countOf(plan: PlanView, tab: NightView['tab']): number {
  switch (tab) {
    case 'vans':
      return plan.routes.length
    case 'moves':
      return plan.moves.length
    case 'left':
      return plan.leftOut.length
    case 'changes':
      return plan.edits.length
  }
}

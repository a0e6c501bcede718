import './work.css'
import '../alarms/alarms.css'
import { useLocation, useSearch } from 'wouter'
import type { Refused } from '../../ui-kit/api/api-client.ts'
import { useText } from '../../ui-kit/i18n/text.ts'
import { PageFrame } from '../frame/page-frame.tsx'
import { Tabs } from '../frame/tabs.tsx'
import { ReportsTab } from './reports-tab.tsx'
import { TasksTab } from './tasks-tab.tsx'
import { readWorkView, type WorkView, workTabs, writeWorkView } from './work-address.ts'

/** What is to do, and what riders say. */
export function WorkPage({ onRefused }: { readonly onRefused: (refused: Refused) => void }) {
  const { t } = useText()
  const [, navigate] = useLocation()
  const view = readWorkView(useSearch())
  const change = (next: Partial<WorkView>) => navigate(`/work${writeWorkView({ ...view, ...next })}`)
  const tabs = workTabs.map((key) => ({ key, text: t(`work.tab.${key}`) }))
  return (
    <PageFrame title={t('work.title')}>
      <h1>{t('work.title')}</h1>
      <section className="card work-box">
        <Tabs
          id="work"
          label={t('work.tabs')}
          tabs={tabs}
          open={view.tab}
          onOpen={(tab) => change({ tab, task: null })}
        />
        <div id="work-panel" role="tabpanel" aria-labelledby={`work-${view.tab}`} className="stack">
          {view.tab === 'tasks' ? (
            <TasksTab view={view} change={change} onRefused={onRefused} />
          ) : (
            <ReportsTab view={view} change={change} />
          )}
        </div>
      </section>
    </PageFrame>
  )
}

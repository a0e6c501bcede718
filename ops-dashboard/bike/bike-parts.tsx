import { type ComponentProps, lazy, Suspense } from 'react'
import { addTexts, useText } from '../../ui-kit/i18n/text.ts'
import { Waiting } from '../../ui-kit/notices.tsx'

const Acts = lazy(async () => {
  const [{ CommandPanel }] = await Promise.all([import('./command-panel.tsx'), addTexts('bikes')])
  return { default: CommandPanel }
})
const Times = lazy(async () => {
  const [{ TimelineList }] = await Promise.all([import('./timeline-list.tsx'), addTexts('bikes')])
  return { default: TimelineList }
})

/** What may be asked of a bike's lock, and how far it has come, live. Loads its texts itself: any page may show it. */
export function BikeActs(props: ComponentProps<typeof Acts>) {
  const { t } = useText()
  return (
    <Suspense fallback={<Waiting text={t('app.loading')} />}>
      <Acts {...props} />
    </Suspense>
  )
}

/** What happened to a bike, newest first. `compact`: the newest few, with a way to the rest. */
export function BikeTimeline(props: ComponentProps<typeof Times>) {
  const { t } = useText()
  return (
    <Suspense fallback={<Waiting text={t('app.loading')} />}>
      <Times {...props} />
    </Suspense>
  )
}

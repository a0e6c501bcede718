import { type ReactNode, useEffect, useRef } from 'react'
import { useText } from '../../ui-kit/i18n/text.ts'

/** The details of what is selected. `about` changes with the selection: the heading then has the focus. */
export function Panel({
  about,
  title,
  onClose,
  children,
}: {
  readonly about: string
  readonly title: ReactNode
  readonly onClose: () => void
  readonly children: ReactNode
}) {
  const { t } = useText()
  const heading = useRef<HTMLHeadingElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: led there for each new selection
  useEffect(() => {
    heading.current?.focus({ preventScroll: true })
    void heading.current?.closest('.panel')?.scrollTo({ top: 0 })
    if (matchMedia('(max-width: 900px)').matches) void heading.current?.scrollIntoView({ block: 'start' })
  }, [about])
  return (
    <section className="panel stack" aria-label={t('night.details')}>
      <div className="row spread">
        <h2 ref={heading} tabIndex={-1}>
          {title}
        </h2>
        <button type="button" className="button" onClick={onClose}>
          {t('ops.close')}
        </button>
      </div>
      {children}
    </section>
  )
}

export function Facts({ facts }: { readonly facts: ReadonlyArray<readonly [string, string]> }) {
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="number">{value}</dd>
        </div>
      ))}
    </dl>
  )
}

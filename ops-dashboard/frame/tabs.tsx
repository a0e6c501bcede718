import type { KeyboardEvent } from 'react'

/** A row of tabs for one panel with the id `{id}-panel`; arrows go from one to the next. */
export function Tabs<T extends string>({
  id,
  label,
  tabs,
  open,
  onOpen,
}: {
  readonly id: string
  readonly label: string
  readonly tabs: ReadonlyArray<{ readonly key: T; readonly text: string }>
  readonly open: T
  readonly onOpen: (tab: T) => void
}) {
  const step = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (by === undefined) return
    event.preventDefault()
    const at = tabs.findIndex(({ key }) => key === open)
    const next = tabs[(at + by + tabs.length) % tabs.length]
    if (next === undefined) return
    onOpen(next.key)
    document.getElementById(`${id}-${next.key}`)?.focus()
  }
  return (
    <div className="tabs" role="tablist" aria-label={label}>
      {tabs.map(({ key, text }) => (
        <button
          key={key}
          id={`${id}-${key}`}
          type="button"
          role="tab"
          aria-selected={key === open}
          aria-controls={`${id}-panel`}
          tabIndex={key === open ? 0 : -1}
          onClick={() => onOpen(key)}
          onKeyDown={step}
        >
          {text}
        </button>
      ))}
    </div>
  )
}

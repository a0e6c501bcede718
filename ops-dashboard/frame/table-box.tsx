import type { ReactNode } from 'react'

/** A table that scrolls inside its own box where the window is narrow; by keyboard too. */
export function TableBox({
  label,
  className = '',
  children,
}: {
  readonly label: string
  readonly className?: string
  readonly children: ReactNode
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section className={`table-box ${className}`} aria-label={label} tabIndex={0}>
      {children}
    </section>
  )
}

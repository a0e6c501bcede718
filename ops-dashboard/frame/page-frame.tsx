import { type ReactNode, useEffect } from 'react'

/** The frame of a page beside the rail. `title` names the browser's tab too. */
export function PageFrame({
  title,
  wide = false,
  children,
}: {
  readonly title: string
  /** The page fills the window and scrolls inside itself. */
  readonly wide?: boolean
  readonly children: ReactNode
}) {
  useEffect(() => {
    document.title = `${title} · Zwerm`
  }, [title])
  return (
    <main id="main" className={wide ? 'desk wide' : 'desk'} tabIndex={-1}>
      {children}
    </main>
  )
}

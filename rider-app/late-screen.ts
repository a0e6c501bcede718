import { type ComponentType, lazy } from 'react'
import { addTexts, type LatePart } from '../ui-kit/i18n/text.ts'

/** A component with its texts and those of all refusals: none of them is in the first load. */
export async function withTexts<P>(
  load: () => Promise<ComponentType<P>>,
  texts: readonly LatePart[],
): Promise<ComponentType<P>> {
  const [component] = await Promise.all([load(), ...['refused' as const, ...texts].map((text) => addTexts(text))])
  return component
}

/** A screen that comes when it is first opened. */
export const lateScreen = <P>(screen: () => Promise<ComponentType<P>>, ...texts: readonly LatePart[]) =>
  lazy(async () => ({ default: await withTexts(screen, texts) }))

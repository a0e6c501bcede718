import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = new URL('../../ops-dashboard/', import.meta.url).pathname
const pages = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'frame')
  .map(({ name }) => name)

/** Classes that begin a rule and stand alone there: `.a {`, `.a b {`, not `.a.b {`. */
function ruledClasses(css: string): string[] {
  const plain = css.replace(/\/\*.*?\*\//gs, '')
  const selectors = [...plain.matchAll(/(?:^|[{},])\s*(\.[^{},@]+?)\s*(?=[,{])/g)].map(([, selector = '']) => selector)
  return selectors.flatMap((selector) => /^\.([\w-]+)(?![\w.-])/.exec(selector)?.[1] ?? [])
}

const sheets = pages.flatMap((page) =>
  readdirSync(join(root, page), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.css'))
    .map((file) => ({ page, classes: ruledClasses(readFileSync(join(root, page, file), 'utf8')) })),
)
const kit = new Set(ruledClasses(readFileSync(new URL('../../ui-kit/style/kit.css', import.meta.url), 'utf8')))

/** Pages load one after the other into one document, and their styles stay. */
describe('the styles of a page of the desk', () => {
  it('rule no class that another page rules', () => {
    const pagesOf = new Map<string, Set<string>>()
    for (const { page, classes } of sheets) {
      for (const name of classes) pagesOf.set(name, (pagesOf.get(name) ?? new Set()).add(page))
    }
    const shared = [...pagesOf].filter(([, owners]) => owners.size > 1).map(([name, owners]) => [name, ...owners])
    expect(shared).toEqual([])
  })

  it('leave the kit as it is', () => {
    const changed = sheets.flatMap(({ page, classes }) =>
      classes.filter((name) => kit.has(name)).map((name) => `${page}: .${name}`),
    )
    expect([...new Set(changed)]).toEqual([])
  })

  it('are read as they are written', () => {
    expect(ruledClasses('.a {} .b > c, .d.e {} @media (x) { .f:hover {} } /* .g {} */')).toEqual(['a', 'b', 'f'])
  })
})
